/** Rows for tests that need some: each insert is complete and legal, whatever the test then adds to it. */
import { randomUUID } from 'node:crypto';
import { ExamSessionId, ExecutionEnvironmentId, HostId, LabPin, UserId, type EnvironmentSpec, type HostFacts } from '@ckx/contracts';
import {
  EnvironmentEntity,
  ExamSessionEntity,
  HostEntity,
  UserEntity,
  type EntityManager,
  type EnvironmentRow,
  type ExamSessionRow,
  type HostRow,
  type UserRow,
} from '@ckx/persistence';

/** A lab of two questions with two checks and one, 30 minutes. */
export const LAB = LabPin.parse({
  id: 'ckad-test-01',
  digest: `sha256:${'0'.repeat(64)}`,
  category: 'CKAD',
  type: 'mock',
  durationMs: 30 * 60_000,
  passPercent: 66,
  needs: { cluster: 'dedicated', nodes: 1, dockerEngine: false, desktop: false },
  questions: [
    { id: 'q1', title: 'A pod that waits', domain: 'Workloads', hasSetup: true, checkIds: ['c1', 'c2'] },
    { id: 'q2', title: 'A service that answers', domain: 'Networking', hasSetup: false, checkIds: ['c1'] },
  ],
});

export async function insertUser(manager: EntityManager, values: Partial<UserRow> = {}): Promise<UserId> {
  const id = UserId.parse(randomUUID());
  await manager.insert(UserEntity, { id, email: `${id}@example.com`, name: 'A Candidate', passwordHash: 'none', ...values });
  return values.id ?? id;
}

/** A session in the state `created`; of a new user where none is given. */
export async function insertSession(manager: EntityManager, values: Partial<ExamSessionRow> = {}): Promise<ExamSessionId> {
  const id = values.id ?? ExamSessionId.parse(randomUUID());
  const userId = values.userId ?? (await insertUser(manager));
  await manager.insert(ExamSessionEntity, { id, userId, labId: LAB.id, labDigest: LAB.digest, lab: LAB, labTitle: 'A lab', ...values });
  return id;
}

/** What a host says of itself, but for its id: room for anything. */
export const HOST_FACTS = {
  address: '127.0.0.1',
  cpuMillis: 64_000,
  memoryMib: 262_144,
  bootSlots: 2,
  portRanges: {
    vnc: { start: 6901, end: 6999 },
    sshTerminal: { start: 2201, end: 2299 },
    sshJumphost: { start: 2301, end: 2399 },
    k8sApi: { start: 6443, end: 6542 },
  },
  subnetPool: '10.213.0.0/16',
  engine: { version: '29.0.0', userNamespaces: true, thinWalls: [] },
} satisfies Omit<HostFacts, 'hostId'>;

export async function insertHost(manager: EntityManager, values: Partial<HostRow> = {}): Promise<HostId> {
  const id = values.id ?? HostId.parse(`host-${randomUUID()}`);
  await manager.insert(HostEntity, {
    ...HOST_FACTS,
    id,
    ...values,
  });
  return id;
}

/** An environment in the state `provisioning`; its spec is that of a session of `userId`, or of nobody's. */
export async function insertEnvironment(
  manager: EntityManager,
  values: Partial<EnvironmentRow> & Pick<EnvironmentRow, 'hostId' | 'subnet'>,
): Promise<ExecutionEnvironmentId> {
  const id = values.id ?? ExecutionEnvironmentId.parse(randomUUID());
  const spec: EnvironmentSpec = {
    userId: UserId.parse(randomUUID()),
    examSessionId: values.examSessionId ?? ExamSessionId.parse(randomUUID()),
    executionEnvironmentId: id,
    hostId: values.hostId,
    needs: LAB.needs,
    subnet: values.subnet,
    ports: { vnc: 6901, sshTerminal: 2201, sshJumphost: 2301, k8sApi: 6443 },
  };
  await manager.insert(EnvironmentEntity, { id, cpuMillis: 2_500, memoryMib: 4_608, spec, ...values });
  return id;
}
