import {
  CkxError,
  EnvironmentFacts,
  type ExecutionEnvironmentId,
  type HostId,
  type SessionPorts,
  type SessionRouting,
} from '@ckx/contracts';
import { type EntityManager, EnvironmentEntity, type ExamSessionRow, HostEntity } from '@ckx/persistence';
import { mayBeOpen } from '@ckx/environment-access';

/** Where a session's environment is. */
export interface Place {
  readonly executionEnvironmentId: ExecutionEnvironmentId;
  readonly hostId: HostId;
  /** Address of the host's published ports. */
  readonly address: string;
  readonly ports: SessionPorts;
  /** What the host learned; null until the terminal is open. */
  readonly facts: EnvironmentFacts | null;
}

/** @throws CkxError `SESSION_ENDED` once the session or its time is over, `ENVIRONMENT_NOT_READY` while it has no environment. */
export async function readPlace(manager: EntityManager, session: ExamSessionRow): Promise<Place> {
  const openness = mayBeOpen(session, new Date());
  const isOver = !openness.open && openness.reason !== 'SESSION_NOT_READY';
  if (isOver) throw new CkxError('user', 'SESSION_ENDED', 'The session is over; its environment is gone.');
  const environment = await manager.findOneBy(EnvironmentEntity, { examSessionId: session.id });
  if (environment === null) {
    throw new CkxError('user', 'ENVIRONMENT_NOT_READY', 'The session waits for an environment.', { remedy: 'Follow /status or /events.' });
  }
  const host = await manager.findOneByOrFail(HostEntity, { id: environment.hostId });
  return {
    executionEnvironmentId: environment.id,
    hostId: host.id,
    address: host.address,
    ports: environment.spec.ports,
    facts: environment.facts === null ? null : EnvironmentFacts.parse(environment.facts),
  };
}

/** How the session's terminal is reached. @throws CkxError as `readPlace`. */
export async function readRouting(manager: EntityManager, session: ExamSessionRow): Promise<SessionRouting> {
  const { executionEnvironmentId, hostId, address, ports, facts } = await readPlace(manager, session);
  return {
    identity: { userId: session.userId, examSessionId: session.id, executionEnvironmentId },
    hostId,
    address,
    ssh: facts === null ? null : { user: 'candidate', host: address, port: ports.sshJumphost, hostKey: facts.sshHostKey },
  };
}
