import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api, type Shape } from '../api/client.ts';
import { Skeleton } from '../components/loading.tsx';
import { formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { Deed, DeedButton } from './deed.tsx';
import { deedId } from './deed-id.ts';
import { passesOfQuery } from './queries.ts';
import { adminTexts } from './texts.ts';
import '../pages/history.css';

type PassType = Shape<'PassView'>['type'];

/** Passes of somebody: granted here, and taken away. */
export function UserPasses({ userId }: { readonly userId: string }) {
  const { users: texts } = useTexts(adminTexts);
  const { data: passes } = useQuery(passesOfQuery(userId));
  const [granting, setGranting] = useState(false);
  return (
    <section aria-labelledby="passes">
      <div className="section-head">
        <h2 id="passes">{texts.passes}</h2>
        <button type="button" className="button" onClick={() => setGranting(true)}>
          {texts.grant}
        </button>
      </div>
      {passes === undefined ? (
        <Skeleton height="4rem" />
      ) : passes.length === 0 ? (
        <p className="card muted">{texts.noPasses}</p>
      ) : (
        <ul className="rows card">
          {passes.map((pass) => (
            <Pass key={pass.id} pass={pass} />
          ))}
        </ul>
      )}
      {granting && <Grant userId={userId} onClose={() => setGranting(false)} />}
    </section>
  );
}

const KINDS = { purchased: 'accent', activated: 'good', expired: '', revoked: 'bad' };

function Pass({ pass }: { readonly pass: Shape<'PassView'> }) {
  const { users: texts } = useTexts(adminTexts);
  const client = useQueryClient();
  const { id, name, status, source, purchasedAt, expiresAt, revoked } = pass;
  const open = status === 'purchased' || status === 'activated';
  return (
    <li>
      <div>
        <h3>{name}</h3>
        <p className="muted small">
          {formatMoment(purchasedAt)}, {texts.sources[source]}
          {expiresAt !== null && `, ${texts.until(formatMoment(expiresAt))}`}
          {revoked?.reason != null && `, ${revoked.reason}`}
        </p>
      </div>
      <div className="actions">
        <span className={`tag ${KINDS[status]}`}>{texts.statuses[status]}</span>
        {open && (
          <DeedButton
            danger
            button={texts.revoke}
            title={texts.revokeOf(name)}
            label={texts.revoke}
            text={texts.revokeText}
            onDo={async (value) => {
              const call = { params: { path: { passId: id } }, body: { reason: value('reason') } };
              await answer(api.POST('/api/v1/admin/passes/{passId}/revoke', call));
              await client.invalidateQueries({ queryKey: ['admin'] });
            }}
          />
        )}
      </div>
    </li>
  );
}

function Grant({ userId, onClose }: { readonly userId: string; readonly onClose: () => void }) {
  const { users: texts } = useTexts(adminTexts);
  const client = useQueryClient();
  const [type, setType] = useState<PassType>('38_hours');
  // Stays the same however often it is sent: one pass.
  const [id] = useState(deedId);
  const types: readonly PassType[] = ['38_hours', '1_week', '2_weeks'];
  return (
    <Deed
      title={texts.grant}
      onDo={async (value) => {
        const body = { type, reason: value('reason'), id };
        await answer(api.POST('/api/v1/admin/users/{userId}/passes', { params: { path: { userId } }, body }));
        await client.invalidateQueries({ queryKey: ['admin'] });
      }}
      onClose={onClose}
    >
      <fieldset className="deeds">
        <legend>{texts.passType}</legend>
        {types.map((one) => (
          <label key={one}>
            <input type="radio" name="type" checked={type === one} onChange={() => setType(one)} />
            <strong>{texts.passTypes[one]}</strong>
          </label>
        ))}
      </fieldset>
    </Deed>
  );
}
