import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import type { Shape } from '../api/client.ts';
import { useExplain } from '../components/explain.ts';
import { Skeleton } from '../components/loading.tsx';
import { Notice } from '../components/notice.tsx';
import { formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { More } from './more.tsx';
import { auditQuery, type AuditKind } from './queries.ts';
import { Table } from './table.tsx';
import { adminTexts } from './texts.ts';

interface AuditListProps {
  readonly label: string;
  readonly filter: { readonly kind?: AuditKind | undefined; readonly targetId?: string };
}

export function AuditList({ label, filter }: AuditListProps) {
  const all = useTexts(adminTexts);
  const texts = all.audit;
  const explain = useExplain();
  const list = useInfiniteQuery(auditQuery(filter));
  if (list.error !== null && list.data === undefined) return <Notice kind="bad" title={explain(list.error)} />;
  const entries = list.data?.pages.flatMap((page) => page.entries);
  if (entries === undefined) return <Skeleton height="6rem" />;
  if (entries.length === 0) return <p className="card muted">{all.nothing}</p>;
  return (
    <div className="stack">
      <Table label={label} columns={Object.values(texts.columns)}>
        {entries.map((entry) => (
          <tr key={entry.id}>
            <td>{formatMoment(entry.at)}</td>
            <td>
              {entry.actorEmail ?? texts.system}
              <span className="muted small">{entry.address}</span>
            </td>
            <td className="figure">{entry.action}</td>
            <td>
              <Target entry={entry} />
            </td>
            <td>{entry.reason ?? '–'}</td>
          </tr>
        ))}
      </Table>
      <More list={list} />
    </div>
  );
}

const PAGES: Readonly<Record<string, string>> = { session: '/sessions/', user: '/admin/users/' };

function Target({ entry: { targetKind, targetId } }: { readonly entry: Shape<'AuditPage'>['entries'][number] }) {
  const page = PAGES[targetKind];
  const name = `${targetKind} ${targetId.slice(0, 8)}`;
  return page === undefined ? <span className="figure">{name}</span> : <Link to={page + targetId}>{name}</Link>;
}
