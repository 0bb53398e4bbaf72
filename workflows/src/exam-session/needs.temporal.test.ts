/** What a session needs decides which steps its building takes: what is not needed is skipped, and not told as done. */
import { EnvironmentNeeds } from '@ckx/contracts';
import { startClockSignal, submitSignal } from '@ckx/contracts/exam-session';
import { getSessionStatus } from '@ckx/session-status';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { startInstallation, type Installation } from '../../test/installation.ts';
import { testServices } from '../../test/test-services.ts';

let ckx: Installation;
beforeAll(async () => {
  ckx = await startInstallation(await testServices());
});
afterEach(() => ckx.host.reset());
afterAll(() => ckx.stop());

/** A session from its row to its end. @returns the steps that were told, and what the host was asked for to be ready. */
async function live(needs: Partial<EnvironmentNeeds>) {
  const before = ckx.host.calls.length;
  const { id, workflow } = await ckx.startSession({ lab: { needs: EnvironmentNeeds.parse(needs) } });
  await ckx.waitForState(id, 'ready');
  const asked = ckx.host.calls.slice(before).filter((call) => /^(awaitEnvironment|setUpQuestion)/.test(call));
  const { progress, steps } = await getSessionStatus(ckx.dataSource.manager, id);
  await workflow.signal(startClockSignal);
  await ckx.waitForState(id, 'running');
  await workflow.signal(submitSignal);
  await workflow.result();
  expect(await ckx.session(id)).toMatchObject({ state: 'terminated', outcome: 'submitted' });
  expect(await ckx.leftovers(id)).toEqual({ state: 'destroyed', ports: 0 });
  const told = progress.map(({ step }) => step);
  // What a client is shown beforehand.
  expect(told).toEqual(steps);
  return { asked, told };
}

it('a session without a cluster waits for none', async () => {
  const { asked, told } = await live({ cluster: 'none' });
  expect(asked).toEqual(['setUpQuestion:q1']);
  expect(told).toEqual(['admitted', 'containers', 'terminal', 'questions']);
});

it('a session with a Docker engine is set up once a container ran in it', async () => {
  const { asked, told } = await live({ cluster: 'none', dockerEngine: true });
  expect(asked).toEqual(['awaitEnvironment:workloads', 'setUpQuestion:q1']);
  expect(told).toEqual(['admitted', 'containers', 'workloads', 'terminal', 'questions']);
});

it.each(['dedicated', 'namespace'] as const)('a session with a cluster waits for all of it, whoever else has it: %s', async (cluster) => {
  const { asked, told } = await live({ cluster });
  expect([...asked].sort()).toEqual([
    'awaitEnvironment:control_plane',
    'awaitEnvironment:node_ready',
    'awaitEnvironment:workloads',
    'setUpQuestion:q1',
  ]);
  expect(told).toEqual(['admitted', 'containers', 'control_plane', 'node_ready', 'workloads', 'terminal', 'questions']);
});
