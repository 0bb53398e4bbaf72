import { lazy, Suspense } from 'react';
import { useParams } from 'react-router';
import { LoadingPage } from '../components/loading.tsx';
import { Failed } from '../components/messages.tsx';
import { Frame } from '../components/site.tsx';
import { Ended } from './ended.tsx';
import { FailedSession } from './failed.tsx';
import { Preparation } from './preparation.tsx';
import { Ready } from './ready.tsx';
import './session.css';
import { useSession, type KnownSession } from './use-session.ts';

const Room = lazy(async () => ({ default: (await import('../room/room.tsx')).Room }));

/** One session, from its place in the queue to its result: what is shown follows from its state, as the server tells it. */
export function Session() {
  const { examSessionId = '' } = useParams();
  return <OneSession key={examSessionId} examSessionId={examSessionId} />;
}

function OneSession({ examSessionId }: { readonly examSessionId: string }) {
  const session = useSession(examSessionId);
  const { status, view, error, retry } = session;
  if (status === undefined || view === undefined) {
    return <Frame>{error === null ? <LoadingPage /> : <Failed error={error} onRetry={retry} />}</Frame>;
  }
  const known = { ...session, status, view };
  if (status.state === 'running') {
    return (
      <Suspense fallback={<LoadingPage />}>
        <Room session={known} />
      </Suspense>
    );
  }
  return (
    <Frame>
      <OutsideTheRoom session={known} />
    </Frame>
  );
}

function OutsideTheRoom({ session }: { readonly session: KnownSession }) {
  switch (session.status.state) {
    case 'created':
    case 'initializing':
      return <Preparation session={session} />;
    case 'ready':
      return <Ready session={session} />;
    case 'failed':
      return <FailedSession session={session} />;
    case 'running':
    case 'terminated':
      return <Ended session={session} />;
  }
}
