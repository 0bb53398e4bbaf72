import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Shape } from '../api/client.ts';
import { signOutEverywhere } from '../auth/deeds.ts';
import { useExplain } from '../components/explain.ts';
import { Skeleton } from '../components/loading.tsx';
import { Notice } from '../components/notice.tsx';
import { formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { accountTexts } from './account-texts.ts';

const signInsQuery = queryOptions({
  queryKey: ['sign-ins'],
  queryFn: ({ signal }) => answer(api.GET('/api/v1/auth/sign-ins', { signal })),
});

/** Where the account is signed in. */
export function Devices() {
  const { profile: texts } = useTexts(accountTexts);
  const explain = useExplain();
  const list = useQuery(signInsQuery);
  const everywhere = useMutation({ mutationFn: signOutEverywhere });
  const error = everywhere.error ?? (list.data === undefined ? list.error : null);
  return (
    <section aria-labelledby="devices">
      <h2 id="devices">{texts.devices}</h2>
      <div className="stack card">
        {error !== null && <Notice kind="bad" title={explain(error)} />}
        <p className="muted">{texts.devicesText}</p>
        {list.data === undefined ? (
          list.error === null && <Skeleton height="3rem" />
        ) : (
          <ul className="devices">
            {list.data.map((device) => (
              <Device key={device.signInId} device={device} />
            ))}
          </ul>
        )}
        <div className="actions">
          <button type="button" className="button danger" disabled={everywhere.isPending} onClick={() => everywhere.mutate()}>
            {texts.everywhere}
          </button>
          <span className="muted small">{texts.everywhereText}</span>
        </div>
      </div>
    </section>
  );
}

function Device({ device }: { readonly device: Shape<'SignInView'> }) {
  const { signInId, current } = device;
  const { profile: texts } = useTexts(accountTexts);
  const explain = useExplain();
  const client = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => answer(api.DELETE('/api/v1/auth/sign-ins/{signInId}', { params: { path: { signInId } } })),
    onSettled: () => client.invalidateQueries({ queryKey: signInsQuery.queryKey }),
  });
  const name = texts.device(device.browser, device.system);
  const moment = formatMoment(device.at);
  return (
    <li>
      <span>
        {name}
        <span className="muted small">
          {error === null ? `${texts.signedIn(moment)}, ${texts.lastUsed(formatMoment(device.lastUsedAt))}` : explain(error)}
        </span>
      </span>
      {current ? (
        <span className="tag accent">{texts.thisDevice}</span>
      ) : (
        <button type="button" className="button" aria-label={texts.signOutOf(name, moment)} disabled={isPending} onClick={() => mutate()}>
          {texts.signOutDevice}
        </button>
      )}
    </li>
  );
}
