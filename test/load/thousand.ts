/**
 * `npm run test:load`: a thousand sessions of a thousand users on a simulated host, with a queue, while everything that keeps them going is
 * killed with -9 again and again. At the end nothing may be lost, left over, counted twice or out of turn.
 *
 * `--sessions 100` for a quick run, `--places` for how many have room at once, `--seed` for the same one again, `--no-kills` for a calm one.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Client as PgClient } from 'pg';
import { z } from 'zod';
import { insertCandidates } from './candidates.ts';
import { kill } from '../kill/components.ts';
import { startControlPlane, type ControlPlane } from './control-plane.ts';
import { drive, type Subject } from './drive.ts';
import { planOf } from './fates.ts';
import { untilInterrupted } from './interrupted.ts';
import { Kills } from './kills.ts';
import { failuresOf, fatesTable, findingsTable, latecomersOf, progress } from './report.ts';
import { scoreOf } from './score.ts';
import { proveAttempts, proveEnds, proveNothingLeft, proveOrder, type Finding } from './proof.ts';
import { countPorts, countSweeps, readSessions, type SessionRow } from './records.ts';
import { proveWorkflowsEnded } from './workflows.ts';
import { untilAllAnswer } from './ready.ts';

const BOOT_SLOTS = 12;
const WITHIN_MS = 60 * 60_000;
/** Shorter than ten minutes, so that sessions whose candidates do nothing begin by themselves within the test. */
const START_GRACE_MS = 20_000;
const KILL_PAUSE_MS = { least: 18_000, most: 30_000 };
/** Of all sessions, how many may end as failed where kills explain it. */
const FAILED_AT_MOST = 0.05;

const Options = z.object({
  sessions: z.coerce.number().int().positive().default(1_000),
  /** Few enough that hosts are full most of the time, and a large need has to wait for room. */
  places: z.coerce.number().int().min(2).default(24),
  seed: z.string().default(() => randomBytes(4).toString('hex')),
  'no-kills': z.boolean().default(false),
  json: z.boolean().default(false),
});
const options = Options.parse(
  parseArgs({
    options: {
      sessions: { type: 'string' },
      places: { type: 'string' },
      seed: { type: 'string' },
      'no-kills': { type: 'boolean' },
      json: { type: 'boolean' },
    },
  }).values,
);
const { sessions: count, places, seed } = options;
const interrupted = untilInterrupted();
const say = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);

function strikesOf(plane: ControlPlane): Record<string, () => Promise<void>> {
  const processes = ['api', 'control worker', 'temporal', 'postgres'] as const;
  return {
    ...Object.fromEntries(processes.map((component) => [component, async () => void (await kill(component, plane.installation, []))])),
    'simulated host': async () => void process.kill(await Promise.resolve(plane.hostPid()), 'SIGKILL'),
  };
}

/** Lets the container of a session's node end, as a candidate may. */
async function stopNode({ engine }: ControlPlane, { environmentId }: SessionRow): Promise<void> {
  if (environmentId === null) return;
  const node = await engine.read(environmentId, 'node');
  if (node !== null) await engine.write(environmentId, 'node', { ...node, running: false });
}

async function run(): Promise<{
  findings: Finding[];
  subjects: readonly Subject[];
  rows: readonly SessionRow[];
  kills: Kills;
  seconds: number;
}> {
  const jwtSecret = randomBytes(32).toString('hex');
  const env = { START_GRACE_MS: String(START_GRACE_MS) };
  const plane = await startControlPlane({ places, bootSlots: BOOT_SLOTS, seed, jwtSecret, env });
  const kills = new Kills();
  try {
    const { apiUrl, databaseUrl, temporalAddress } = await plane.installation.run();
    const pg = new PgClient({ connectionString: databaseUrl });
    await pg.connect();
    const candidates = await insertCandidates(pg, count, { apiUrl, jwtSecret });
    const [admin] = await insertCandidates(pg, 1, { apiUrl, jwtSecret, role: 'admin' });
    await pg.end();
    if (admin === undefined) throw new Error('There is no administrator.');
    const subjects = candidates.map((candidate, number): Subject => {
      return { plan: planOf(seed, number), candidate, id: null, metAt: null, askedAt: 0, nodeKilled: false };
    });
    const begun = Date.now();
    if (!options['no-kills']) kills.start({ strikes: strikesOf(plane), pauseMs: KILL_PAUSE_MS, seed, say });
    const killNode = (row: SessionRow) => stopNode(plane, row);
    await drive(
      { subjects, admin: admin.client, databaseUrl, killNode, seed, signal: interrupted, onLook: progress(count, say) },
      WITHIN_MS,
    );
    const seconds = (Date.now() - begun) / 1_000;
    await kills.stop();
    say('all sessions are over; looking at what is left');
    await untilAllAnswer(plane.installation);
    const rows = await readSessions(databaseUrl);
    const { sweeps, alerts } = await countSweeps(databaseUrl);
    say(`${sweeps} sweeps meanwhile, ${alerts.length} of them stopped and alerted`);
    for (const alert of new Set(alerts)) say(`  ${alert}`);
    const findings = [
      ...proveEnds(subjects, rows, kills.done, FAILED_AT_MOST),
      ...proveAttempts(rows, (row) => scoreOf(seed, row)),
      ...proveOrder(rows),
      ...proveNothingLeft(rows, await countPorts(databaseUrl), await plane.leftovers()),
      (await proveWorkflowsEnded(temporalAddress, 'default', rows)).finding,
    ];
    return { findings, subjects, rows, kills, seconds };
  } finally {
    await kills.stop();
    await plane.stop();
  }
}

say(`seed ${seed}: ${count} sessions, ${places} places${options['no-kills'] ? ', no kills' : ''}`);
const { findings, subjects, rows, kills, seconds } = await run();
const failed = findings.filter(({ ok }) => !ok).length;
if (options.json) console.log(JSON.stringify({ seed, sessions: count, seconds, kills: kills.done, findings }));
else {
  console.log(`${count} sessions in ${seconds.toFixed(0)} s, ${kills.done.length} kills, seed ${seed}\n\n${fatesTable(subjects, rows)}\n`);
  console.log(findingsTable(findings));
  for (const line of [...failuresOf(rows), ...latecomersOf(subjects, rows)]) console.log(line);
}
console.log(`Tests: ${findings.length - failed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 ? 0 : 1);
