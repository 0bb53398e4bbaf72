import { useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client.ts';
import { useTexts } from '../i18n/texts.ts';
import { DeedButton } from './deed.tsx';
import { maintenanceQuery } from './queries.ts';
import { adminTexts } from './texts.ts';

/** Whether new sessions are refused, and the switch. */
export function MaintenanceCard() {
  const { installation: texts } = useTexts(adminTexts);
  const client = useQueryClient();
  const { data } = useQuery(maintenanceQuery);
  const on = data?.on === true;
  const set = async (value: (name: string) => string) => {
    const body = on ? { on: false } : { on: true, message: value('reason') };
    await answer(api.PUT('/api/v1/admin/maintenance', { body }));
    await client.invalidateQueries({ queryKey: ['admin'] });
  };
  return (
    <section className="card maintenance" aria-labelledby="maintenance">
      <div>
        <h2 id="maintenance">{texts.maintenance}</h2>
        <p className={on ? '' : 'muted'}>{on ? texts.on : texts.off}</p>
        {on && <p>{data.message}</p>}
      </div>
      {data !== undefined && (
        <DeedButton
          key={String(on)}
          button={on ? texts.turnOff : texts.turnOn}
          title={on ? texts.turnOff : texts.turnOn}
          reason={on ? { wanted: false } : { label: texts.message }}
          onDo={set}
        />
      )}
    </section>
  );
}
