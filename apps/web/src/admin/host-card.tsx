import { useQueryClient } from '@tanstack/react-query';
import { answer, api, type Shape } from '../api/client.ts';
import { formatMoment } from '../i18n/format.ts';
import { Field } from '../components/field.tsx';
import { useTexts } from '../i18n/texts.ts';
import { DeedButton } from './deed.tsx';
import { adminTexts } from './texts.ts';

const KINDS = { active: 'good', draining: 'warn', lost: 'bad' };

export function HostCard({ host }: { readonly host: Shape<'HostView'> }) {
  const { installation: texts } = useTexts(adminTexts);
  const client = useQueryClient();
  const { hostId, address, state, draining, capacity, used, engine, lastSeenAt } = host;
  const params = { path: { hostId } };
  const change = (deed: 'drain' | 'resume') => async (value: (name: string) => string) => {
    const body = { reason: value('reason') };
    await answer(
      deed === 'drain'
        ? api.POST('/api/v1/admin/hosts/{hostId}/drain', { params, body: { ...body, message: value('message') } })
        : api.POST('/api/v1/admin/hosts/{hostId}/resume', { params, body }),
    );
    await client.invalidateQueries({ queryKey: ['admin'] });
  };
  return (
    <li className="card stack">
      <div className="card-head">
        <h3 className="figure">{hostId}</h3>
        <span className={`tag ${KINDS[state]}`}>{texts.states[state]}</span>
      </div>
      <p className="muted small">
        {address}, {texts.seen(formatMoment(lastSeenAt))}
      </p>
      <dl className="facts">
        <div>
          <dt>{texts.environments}</dt>
          <dd>
            {used.environments}
            {used.booting > 0 && texts.booting(used.booting)}
          </dd>
        </div>
        <div>
          <dt>{texts.cpu}</dt>
          <dd>{texts.cores(used.cpuMillis, capacity.cpuMillis)}</dd>
        </div>
        <div>
          <dt>{texts.memory}</dt>
          <dd>{texts.gib(used.memoryMib, capacity.memoryMib)}</dd>
        </div>
      </dl>
      <p className="muted small">
        {texts.wallsOf(engine.version, engine.userNamespaces)}
        {engine.thinWalls.length > 0 && `. ${texts.walls}: ${engine.thinWalls.join(' ')}`}
      </p>
      <div className="actions">
        {draining ? (
          <DeedButton key="resume" button={texts.resume} title={texts.resumeOf(hostId)} label={texts.resume} onDo={change('resume')} />
        ) : (
          <DeedButton
            key="drain"
            button={texts.drain}
            title={texts.drainOf(hostId)}
            text={texts.drainText}
            label={texts.drain}
            onDo={change('drain')}
          >
            <Field label={texts.tell} hint={texts.tellHint} name="message" maxLength={300} autoComplete="off" />
          </DeedButton>
        )}
      </div>
    </li>
  );
}
