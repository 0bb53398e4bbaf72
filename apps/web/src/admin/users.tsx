import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import type { Shape } from '../api/client.ts';
import { Field } from '../components/field.tsx';
import { Failed } from '../components/messages.tsx';
import { Skeleton } from '../components/loading.tsx';
import { formatMoment } from '../i18n/format.ts';
import { useTexts } from '../i18n/texts.ts';
import { AdminPage } from './admin-page.tsx';
import { Choice } from './choice.tsx';
import { More } from './more.tsx';
import { usersQuery } from './queries.ts';
import { Table } from './table.tsx';
import { adminTexts } from './texts.ts';
import { useSettled } from './use-settled.ts';

export function Users() {
  const all = useTexts(adminTexts);
  const texts = all.users;
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Shape<'UserView'>['role']>();
  const list = useInfiniteQuery(usersQuery({ email: useSettled(email).trim(), role }));
  if (list.error !== null && list.data === undefined) return <Failed error={list.error} onRetry={() => void list.refetch()} />;
  const users = list.data?.pages.flatMap((page) => page.users);
  return (
    <AdminPage title={all.sections.users} text={texts.text}>
      <search className="admin-filters">
        <Field label={texts.email} name="email" type="search" value={email} onChange={({ target }) => setEmail(target.value)} />
        <Choice label={texts.role} names={texts.roles} value={role} onChoose={setRole} />
      </search>
      {users === undefined ? (
        <Skeleton height="12rem" />
      ) : users.length === 0 ? (
        <p className="card muted">{texts.none}</p>
      ) : (
        <Table label={all.sections.users} columns={Object.values(texts.columns)}>
          {users.map((user) => (
            <tr key={user.id}>
              <td>
                <Link to={`/admin/users/${user.id}`}>{user.email}</Link>
              </td>
              <td>{user.name}</td>
              <td>
                <span className={user.role === 'admin' ? 'tag accent' : 'tag'}>{texts.roles[user.role]}</span>{' '}
                {user.disabled && <span className="tag bad">{texts.disabled}</span>}
              </td>
              <td className="muted">{formatMoment(user.createdAt)}</td>
            </tr>
          ))}
        </Table>
      )}
      <More list={list} />
    </AdminPage>
  );
}
