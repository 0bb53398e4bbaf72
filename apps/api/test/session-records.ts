/** What tests of sessions do to the records, as the workflow would. */
import type { ExamSessionId } from '@ckx/contracts';
import { ExamSessionEntity } from '@ckx/persistence';
import { applyTransition } from '@ckx/session-lifecycle/records';
import type { ApiClient, Answer } from '@ckx/test-support/client';
import { insertEnvironment, insertHost } from '@ckx/test-support/records';
import type { TestApi } from './harness.ts';

/** For those who count what there is. */
export const emptyDatabase = (api: TestApi) => api.database.query('TRUNCATE users, hosts, settings CASCADE');

export const create = (client: ApiClient, labId = 'api-mock'): Promise<Answer> => client.send('POST', '/sessions', { labId });

export const rowOf = (api: TestApi, id: ExamSessionId) => api.database.manager.findOneByOrFail(ExamSessionEntity, { id });

/** Moves a session as its workflow would. */
export async function advance(api: TestApi, id: ExamSessionId, ...states: ('initializing' | 'ready' | 'running')[]): Promise<void> {
  for (const to of states) {
    const { sequence } = await rowOf(api, id);
    await applyTransition(api.database.manager, { examSessionId: id, sequence: sequence + 1, to });
  }
}

export async function end(
  api: TestApi,
  id: ExamSessionId,
  outcome: 'submitted' | 'cancelled' | 'terminated_by_admin' | 'abandoned' | 'expired',
): Promise<void> {
  const { sequence } = await rowOf(api, id);
  await applyTransition(api.database.manager, { examSessionId: id, sequence: sequence + 1, to: 'terminated', outcome });
}

/** An environment on a host of its own. */
export async function giveEnvironment(api: TestApi, examSessionId: ExamSessionId) {
  const hostId = await insertHost(api.database.manager);
  return insertEnvironment(api.database.manager, { hostId, subnet: '10.213.0.0/26', examSessionId });
}
