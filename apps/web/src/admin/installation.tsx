import { useQuery } from '@tanstack/react-query';
import { Skeleton } from '../components/loading.tsx';
import { Failed } from '../components/messages.tsx';
import { useTexts } from '../i18n/texts.ts';
import { AdminPage } from './admin-page.tsx';
import { HostCard } from './host-card.tsx';
import { MaintenanceCard } from './maintenance-card.tsx';
import { Pool } from './pool.tsx';
import { hostsQuery, portsQuery } from './queries.ts';
import { adminTexts } from './texts.ts';

/** Where sessions run. */
export function Installation() {
  const all = useTexts(adminTexts);
  const texts = all.installation;
  const { data: hosts, error, refetch } = useQuery(hostsQuery);
  if (error !== null && hosts === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  return (
    <AdminPage title={all.sections.installation} text={texts.text}>
      <div className="stack wide">
        <MaintenanceCard />
        <section aria-labelledby="hosts">
          <h2 id="hosts">{texts.hosts}</h2>
          {hosts === undefined ? (
            <Skeleton height="8rem" />
          ) : hosts.length === 0 ? (
            <p className="card muted">{texts.noHosts}</p>
          ) : (
            <ul className="hosts">
              {hosts.map((host) => (
                <HostCard key={host.hostId} host={host} />
              ))}
            </ul>
          )}
        </section>
        <Pool />
        <Ports />
      </div>
    </AdminPage>
  );
}

const KINDS = ['sshTerminal', 'vnc', 'sshJumphost', 'k8sApi'] as const;

function Ports() {
  const { installation: texts } = useTexts(adminTexts);
  const { data: ports } = useQuery(portsQuery);
  return (
    <section aria-labelledby="ports">
      <h2 id="ports">{texts.ports}</h2>
      <ul className="ports card">
        {KINDS.map((kind) => {
          const { allocated, total } = ports?.[kind] ?? { allocated: 0, total: 0 };
          return (
            <li key={kind}>
              <span id={`port-${kind}`}>{texts.kinds[kind]}</span>
              <progress value={allocated} max={Math.max(1, total)} aria-labelledby={`port-${kind}`} />
              <span className="muted small">{texts.taken(allocated, total)}</span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
