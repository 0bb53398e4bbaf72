/**
 * `npm run test:soak`: thirty real sessions, four at a time, of candidates who do all that candidates may, while every component including
 * the Docker engine and nodes is killed with -9 every half minute. At the end nothing may be lost, left over or out of turn.
 *
 * `--sessions 6` for a quick run, `--seed` for the same one again. About a minute and a half for four sessions.
 */
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureEngine, ensureImages, imageVariables } from '@ckx/toolchain';
import { startInstallation, type Installation } from '@ckx/test-support/installation';
import Docker from 'dockerode';
import { Client as PgClient } from 'pg';
import { z } from 'zod';
import { insertCandidates } from '../load/candidates.ts';
import { chance } from '../load/chance.ts';
import { drive, type Subject } from '../load/drive.ts';
import { planOf } from '../load/fates.ts';
import { untilInterrupted } from '../load/interrupted.ts';
import { Kills } from '../load/kills.ts';
import { proveAttempts, proveEnds, proveNothingLeft, proveOrder, type Finding } from '../load/proof.ts';
import { untilAllAnswer } from '../load/ready.ts';
import { countPorts, readSessions, type SessionRow } from '../load/records.ts';
import { failuresOf, fatesTable, findingsTable, latecomersOf, progress } from '../load/report.ts';
import { proveWorkflowsEnded } from '../load/workflows.ts';
import { COMPONENTS, kill, type Component } from './components.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const LAB = 'slow-01';
/** The configmap that its setup makes is there, the namespace of its other check is not. */
const SCORE = { earned: 1, possible: 2 };
const AT_ONCE = 4;
const WITHIN_MS = 90 * 60_000;
const START_GRACE_MS = 30_000;
const KILL_PAUSE_MS = { least: 24_000, most: 36_000 };
/** A node that is killed while it is built fails its session, as it should: one kill in seven is of a node. */
const FAILED_AT_MOST = 0.25;

const Options = z.object({
  sessions: z.coerce.number().int().positive().default(30),
  seed: z.string().default(() => randomBytes(4).toString('hex')),
});
const { sessions: count, seed } = Options.parse(parseArgs({ options: { sessions: { type: 'string' }, seed: { type: 'string' } } }).values);
const interrupted = untilInterrupted();
const say = (line: string) => console.error(`${new Date().toISOString().slice(11, 19)}  ${line}`);

interface Run {
  readonly findings: readonly Finding[];
  readonly subjects: readonly Subject[];
  readonly rows: readonly SessionRow[];
  readonly kills: Kills;
  readonly seconds: number;
}

async function run(installation: Installation, jwtSecret: string): Promise<Run> {
  const { apiUrl, databaseUrl, temporalAddress, installation: label } = await installation.run();
  const pg = new PgClient({ connectionString: databaseUrl });
  await pg.connect();
  const candidates = await insertCandidates(pg, count, { apiUrl, jwtSecret });
  const [admin] = await insertCandidates(pg, 1, { apiUrl, jwtSecret, role: 'admin' });
  await pg.end();
  if (admin === undefined) throw new Error('There is no administrator.');
  const subjects = candidates.map((candidate, number): Subject => {
    // Nodes die by the kills, not by the plan.
    const plan = { ...planOf(seed, number), labId: LAB, losesNode: false };
    return { plan, candidate, id: null, metAt: null, askedAt: 0, nodeKilled: false };
  });
  let latest: readonly SessionRow[] = [];
  const tell = progress(count, say);
  const onLook = (rows: readonly SessionRow[]) => {
    latest = rows;
    tell(rows);
  };
  const kills = new Kills();
  const begun = Date.now();
  kills.start({ strikes: strikesOf(installation, () => latest, kills), pauseMs: KILL_PAUSE_MS, seed, say });
  try {
    await drive(
      { subjects, admin: admin.client, databaseUrl, killNode: () => Promise.resolve(), seed, signal: interrupted, onLook },
      WITHIN_MS,
    );
  } finally {
    await kills.stop();
  }
  const seconds = (Date.now() - begun) / 1_000;
  say('all sessions are over; looking at what is left');
  await untilAllAnswer(installation);
  const rows = await readSessions(databaseUrl);
  const findings = [
    ...proveEnds(subjects, rows, kills.done, FAILED_AT_MOST),
    ...proveAttempts(rows, () => SCORE),
    ...proveOrder(rows),
    ...proveNothingLeft(rows, await countPorts(databaseUrl), await leftovers(label, rows)),
    (await proveWorkflowsEnded(temporalAddress, 'default', rows)).finding,
  ];
  return { findings, subjects, rows, kills, seconds };
}

/** A node's turn is that of one session which has one. */
function strikesOf(installation: Installation, latest: () => readonly SessionRow[], kills: Kills): Record<string, () => Promise<void>> {
  const strike = async (component: Component) => {
    if (component !== 'node') {
      await kill(component, installation, []);
      return;
    }
    const open = latest().filter(({ environment }) => environment === 'provisioning' || environment === 'bound');
    const chosen = open[Math.floor(chance(seed, kills.done.length, 'node') * open.length)];
    if (chosen === undefined) throw new Error('no session has a node at this moment');
    await kill('node', installation, [chosen.id]);
    say(`the node of ${chosen.id}, which is ${chosen.state}`);
  };
  return Object.fromEntries(COMPONENTS.map((component) => [component, () => strike(component)]));
}

/** What is left of any session on the engine, by label, and in the folder of its assets. */
async function leftovers(installation: string, rows: readonly SessionRow[]): Promise<string[]> {
  const docker = new Docker();
  const filters = { label: [`ckx.installation=${installation}`] };
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  const folders = (await readdir('/tmp')).filter((name) => rows.some(({ id }) => name.endsWith(id)));
  return [
    ...containers.map(({ Names }) => Names.join()),
    ...networks.map(({ Name }) => Name),
    ...Volumes.map(({ Name }) => Name),
    ...folders,
  ];
}

say(`seed ${seed}: ${count} sessions, ${AT_ONCE} at a time`);
const engine = await ensureEngine({ log: say });
const images = await ensureImages({ log: say, dockerHost: engine.dockerHost });
// No DOCKER_HOST: an engine that was given is somebody else's to start again, and this one is killed.
Object.assign(process.env, imageVariables(images));
const jwtSecret = randomBytes(32).toString('hex');
const installation = await startInstallation({
  CKX_LABS: `${ROOT}/test/labs`,
  JWT_SECRET: jwtSecret,
  MAX_CONCURRENT_SESSIONS: String(AT_ONCE),
  CKX_HOST_CPU_MILLIS: String(AT_ONCE * 2_500),
  CKX_HOST_MEMORY_MIB: String(AT_ONCE * 4_608),
  CKX_HOST_BOOT_SLOTS: '2',
  START_GRACE_MS: String(START_GRACE_MS),
  QUEUE_LIMIT: String(count),
  MOCK_SESSIONS_PER_DAY: '0',
});
let failed = 1;
try {
  const { findings, subjects, rows, kills, seconds } = await run(installation, jwtSecret);
  failed = findings.filter(({ ok }) => !ok).length;
  const deaths = COMPONENTS.map((component) => `${kills.done.filter((done) => done.component === component).length} × ${component}`);
  console.log(`${count} sessions in ${seconds.toFixed(0)} s, ${kills.done.length} kills (${deaths.join(', ')}), seed ${seed}`);
  console.log(`\n${fatesTable(subjects, rows)}\n\n${findingsTable(findings)}`);
  for (const line of [...failuresOf(rows), ...latecomersOf(subjects, rows)]) console.log(line);
  console.log(`Tests: ${findings.length - failed} passed, ${failed} failed, 0 skipped`);
} finally {
  await installation.stop();
  await engine.release();
}
process.exit(failed === 0 ? 0 : 1);
