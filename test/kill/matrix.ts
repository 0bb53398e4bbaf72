/**
 * `npm run test:kill`: each component is killed with -9 while six sessions are in the six states of their life; each session must come to
 * its right end, and nothing may be left. Prints the matrix as a table. About three minutes for each component.
 */
import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { table } from '@ckx/cli';
import { ensureEngine, ensureImages, imageVariables } from '@ckx/toolchain';
import { SessionView } from '@ckx/contracts';
import { startInstallation, type Installation } from '@ckx/test-support/installation';
import { remainsOf } from '@ckx/test-support/remains';
import { untilInterrupted } from '../load/interrupted.ts';
import { follow } from './cells.ts';
import { COMPONENTS, kill, untilBack, type Component } from './components.ts';
import { PLACES, stage, STATES, type State } from './stage.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const interrupted = untilInterrupted();
const say = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);

interface Cell {
  readonly component: Component;
  readonly state: State;
  readonly ok: boolean;
  readonly what: string;
}

async function runComponent(component: Component, installation: Installation): Promise<Cell[]> {
  const { apiUrl, databaseUrl } = await installation.run();
  say(`${component}: bringing six sessions into six states`);
  let killed: number | null = null;
  const subjects = await stage(apiUrl, async (sessions) => {
    say(`${component}: kill -9`);
    killed = await kill(component, installation, sessions);
  });
  const begun = Date.now();
  await untilBack(component, installation, killed);
  say(`${component}: all parts answer again ${((Date.now() - begun) / 1000).toFixed(1)} s later`);
  return Promise.all(
    STATES.map(async (state): Promise<Cell> => {
      const subject = subjects[state];
      try {
        const what = await follow(state, subject, { component, databaseUrl });
        await subject.client.waitFor(subject.id, ({ environment }) => environment === null || environment === 'destroyed', 120_000);
        const { executionEnvironmentId } = await subject.client.get(`/sessions/${subject.id}`, SessionView);
        const left = executionEnvironmentId === null ? [] : await remainsOf(databaseUrl, subject.id, executionEnvironmentId);
        return { component, state, ok: left.length === 0, what: left.length === 0 ? what : `left: ${left.join(', ')}` };
      } catch (error) {
        return { component, state, ok: false, what: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

function print(cells: readonly Cell[]): void {
  const components = COMPONENTS.filter((component) => cells.some((cell) => cell.component === component));
  const mark = (component: Component, state: State) => {
    const cell = cells.find((candidate) => candidate.component === component && candidate.state === state);
    return cell === undefined ? '-' : cell.ok ? 'ok' : 'FAILED';
  };
  console.log(
    table(
      ['killed', ...STATES],
      components.map((component) => [component, ...STATES.map((state) => mark(component, state))]),
    ),
  );
  for (const { component, state, ok, what } of cells) console.log(`${ok ? 'ok    ' : 'FAILED'}  ${component} × ${state}: ${what}`);
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean', default: false } } });
const asked =
  positionals.length === 0 ? COMPONENTS : COMPONENTS.filter((component) => positionals.includes(component.replaceAll(' ', '-')));

const engine = await ensureEngine({ log: say });
const images = await ensureImages({ log: say, dockerHost: engine.dockerHost });
// An engine of ours is named to nobody, so that the installation starts it again when it is killed.
if (engine.origin === 'machine') process.env['DOCKER_HOST'] = engine.dockerHost;
Object.assign(process.env, imageVariables(images));
const installation = await startInstallation({
  CKX_LABS: `${ROOT}/test/labs`,
  MAX_CONCURRENT_SESSIONS: String(PLACES),
  // Room for all of them, whatever this machine has: most of the time they idle.
  CKX_HOST_CPU_MILLIS: String(PLACES * 2_500),
  CKX_HOST_MEMORY_MIB: String(PLACES * 4_608),
  CKX_HOST_BOOT_SLOTS: '2',
  MOCK_SESSIONS_PER_DAY: '0',
});
const cells: Cell[] = [];

async function runAll(): Promise<void> {
  for (const component of asked) {
    try {
      cells.push(...(await runComponent(component, installation)));
    } catch (error) {
      cells.push(...STATES.map((state) => ({ component, state, ok: false, what: `not staged: ${String(error)}` })));
    }
  }
}

try {
  const interruption = once(interrupted, 'abort').then(() => interrupted.throwIfAborted());
  await Promise.race([runAll(), interruption]);
} finally {
  await installation.stop();
  await engine.release();
}
if (values.json) console.log(JSON.stringify(cells));
else print(cells);
const failed = cells.filter(({ ok }) => !ok).length;
console.log(`Tests: ${cells.length - failed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 && cells.length > 0 ? 0 : 1);
