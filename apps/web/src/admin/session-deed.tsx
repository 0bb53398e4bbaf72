import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../api/client.ts';
import { Field } from '../components/field.tsx';
import { useTexts } from '../i18n/texts.ts';
import { Deed } from './deed.tsx';
import { deedId } from './deed-id.ts';
import type { AdminSession } from './queries.ts';
import { adminTexts } from './texts.ts';

type DeedName = 'extend' | 'credit' | 'terminate' | 'void' | 'regrade';

/** What can be done to a session in its state; the API has the last word. */
export function deedsFor({ state, attempt }: AdminSession): readonly DeedName[] {
  const isOver = state === 'terminated' || state === 'failed';
  if (isOver) return attempt === null || attempt === 'void' ? [] : attempt === 'graded' ? ['regrade', 'void'] : ['void'];
  return state === 'running' ? ['extend', 'credit', 'terminate', 'void'] : ['terminate'];
}

export function SessionDeed({ session, onClose }: { readonly session: AdminSession; readonly onClose: () => void }) {
  const { sessions: texts } = useTexts(adminTexts);
  const client = useQueryClient();
  const possible = deedsFor(session);
  const [deed, setDeed] = useState<DeedName>(possible[0] ?? 'void');
  // Stays the same however often it is sent: given once.
  const [id] = useState(deedId);
  const params = { path: { id: session.examSessionId } };
  const ask = async (value: (name: string) => string): Promise<void> => {
    const reason = value('reason');
    const more = { minutes: Number(value('minutes')), reason, id };
    const calls = {
      extend: () => answer(api.POST('/api/v1/admin/sessions/{id}/extend', { params, body: more })),
      credit: () => answer(api.POST('/api/v1/admin/sessions/{id}/credit', { params, body: more })),
      terminate: () => answer(api.POST('/api/v1/admin/sessions/{id}/terminate', { params, body: { reason } })),
      void: () => answer(api.POST('/api/v1/admin/sessions/{id}/void', { params, body: { reason } })),
      regrade: () => answer(api.POST('/api/v1/admin/sessions/{id}/regrade', { params, body: { reason } })),
    };
    await calls[deed]();
    await client.invalidateQueries({ queryKey: ['admin'] });
  };
  return (
    <Deed title={texts.title(session.userEmail)} label={texts.deeds[deed][0]} onDo={ask} onClose={onClose}>
      <fieldset className="deeds">
        <legend>{texts.deed}</legend>
        {possible.map((one) => (
          <label key={one}>
            <input type="radio" name="deed" checked={deed === one} onChange={() => setDeed(one)} />
            <span>
              <strong>{texts.deeds[one][0]}</strong>
              <span className="muted small">{texts.deeds[one][1]}</span>
            </span>
          </label>
        ))}
      </fieldset>
      {(deed === 'extend' || deed === 'credit') && (
        <Field label={texts.minutes} name="minutes" type="number" min={1} max={240} defaultValue={5} required inputMode="numeric" />
      )}
    </Deed>
  );
}
