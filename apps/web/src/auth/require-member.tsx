import { Navigate, Outlet, useLocation } from 'react-router';
import { LoadingPage } from '../components/loading.tsx';
import { loginPath } from './redirect.ts';
import { useStanding } from './use-standing.ts';

/** Pages of an account: whoever is not signed in is sent to sign in, and back again. */
export function RequireMember() {
  const standing = useStanding();
  const location = useLocation();
  switch (standing.kind) {
    case 'visitor':
      return <Navigate to={loginPath(location)} replace />;
    case 'unknown':
    case 'unreachable':
      return <LoadingPage />;
    case 'member':
      return <Outlet />;
  }
}
