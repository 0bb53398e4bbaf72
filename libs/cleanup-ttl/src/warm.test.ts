/** Environments that belong to no session: their own workflow is their owner, and their own id stands where a session's would. */
import { ExamSessionId } from '@ckx/contracts';
import { expect, it } from 'vitest';
import { environmentId, environmentLook, hosted, hostId, hostLook, look, sessionId, sessionLook } from '../test/worlds.ts';
import { findingsOf, type WorkflowState } from './index.ts';

const bornAs = ExamSessionId.parse(environmentId(1));
const warm = environmentLook(1, { examSessionId: null, state: 'ready' });
const found = hosted(1, { examSessionId: bornAs });
/** A look at one of them, which its host holds. */
const at = (keeper: WorkflowState, environments = [warm]) =>
  look({
    environments,
    hosts: [hostLook(1, [found])],
    keepers: new Map([[environmentId(1), keeper]]),
    strangers: new Map([[bornAs, 'missing']]),
  });

it('is left alone while its workflow is open', () => {
  expect(findingsOf(at('open'), 0)).toMatchObject({ actions: [], unanswered: null, of: 2 - 1 });
});

it('goes where its workflow is closed, or was never there', () => {
  for (const keeper of ['closed', 'missing'] as const) {
    const { actions, going } = findingsOf(at(keeper), 0);
    expect({ actions, going }).toMatchObject({
      actions: [
        { kind: 'remove_environment', executionEnvironmentId: environmentId(1), examSessionId: bornAs, hostId: hostId(1), onRecord: true },
      ],
      going: 1,
    });
  }
});

it('makes a sweep stop where Temporal does not say', () => {
  expect(findingsOf(at('unknown'), 0)).toMatchObject({ actions: [], unanswered: expect.stringContaining('did not say') as string });
});

it('goes where no record knows it', () => {
  expect(findingsOf(at('missing', []), 0).actions).toMatchObject([{ kind: 'remove_environment', examSessionId: bornAs, onRecord: false }]);
});

it('is its session’s once it has one, whatever its labels say, and counts once', () => {
  const bound = look({
    environments: [environmentLook(1)],
    sessions: [sessionLook(1)],
    hosts: [hostLook(1, [found])],
    strangers: new Map([[bornAs, 'missing']]),
  });
  expect(findingsOf(bound, 0)).toMatchObject({ actions: [], of: 1 });
  const ended = { ...bound, environments: [environmentLook(1, { state: 'destroyed' })] };
  // Its session's workflow is at work on it still.
  expect(findingsOf(ended, 0).actions).toEqual([]);
  const over = { ...ended, sessions: [sessionLook(1, { state: 'terminated', workflow: 'closed', attempt: 'graded' })] };
  expect(findingsOf(over, 0).actions).toMatchObject([{ kind: 'remove_environment', examSessionId: sessionId(1), onRecord: false }]);
});
