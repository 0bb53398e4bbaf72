import { useQuery } from '@tanstack/react-query';
import { Navigate, Route, Routes } from 'react-router';
import { meQuery } from '../api/queries.ts';
import { LoadingPage } from '../components/loading.tsx';
import { Failed, NoAccess, NotFound } from '../components/messages.tsx';
import './admin.css';
import { Audit } from './audit.tsx';
import { Installation } from './installation.tsx';
import { Mails } from './mails.tsx';
import { Payments } from './payments.tsx';
import { Sessions } from './sessions.tsx';
import { User } from './user.tsx';
import { Users } from './users.tsx';

/** For administrators alone; the API asks for the same with every answer. */
export function Admin() {
  const { data: me, error, refetch } = useQuery(meQuery);
  if (error !== null && me === undefined) return <Failed error={error} onRetry={() => void refetch()} />;
  if (me === undefined) return <LoadingPage />;
  if (me.role !== 'admin') return <NoAccess />;
  return (
    <Routes>
      <Route index element={<Navigate to="sessions" replace />} />
      <Route path="sessions" element={<Sessions />} />
      <Route path="installation" element={<Installation />} />
      <Route path="users" element={<Users />} />
      <Route path="users/:userId" element={<User />} />
      <Route path="payments" element={<Payments />} />
      <Route path="audit" element={<Audit />} />
      <Route path="mails" element={<Mails />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  );
}
