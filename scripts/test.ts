/**
 * `npm test`: everything, on real parts, fast tiers first; `npm test -- unit db` for some tiers. `npm run test:full` is what takes too long for
 * every change. The last line sums up, and a tier that did not run is a failure.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { describeFailure } from '@ckx/command';
import { CkxError } from '@ckx/contracts';
import { ensureEngine, ensureGo, ensureImages, imageVariables, resolveTool, resolveTools, type Engine } from '@ckx/toolchain';
import { z } from 'zod';

const ROOT = resolve(import.meta.dirname, '..');

/** Each counts as one test. */
const STATIC_CHECKS: readonly (readonly [name: string, ...command: [string, ...string[]]])[] = [
  ['types', 'tsc', '-p', 'tsconfig.json'],
  ['types of the API', 'tsc', '-p', 'apps/api/tsconfig.json'],
  ['types of the web application', 'tsc', '-p', 'apps/web/tsconfig.json'],
  ['lint', 'eslint', '.'],
  ['layers', 'depcruise', 'libs', 'activities', 'workflows', 'apps', 'scripts', '--config', '.dependency-cruiser.cjs'],
  ['dead code', 'knip'],
  ['format', 'prettier', '--check', '.'],
];

const TIERS = ['static', 'unit', 'db', 'temporal', 'clock', 'browser', 'engine', 'sessions'] as const;
/** Only where it is asked for by name. */
const FULL = 'full';
const Tier = z.enum([...TIERS, FULL]);
type Tier = z.infer<typeof Tier>;

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const Report = z.object({
  success: z.boolean(),
  numTotalTests: z.number(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  /** Files that failed as a whole have no failed test of their own. */
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() })),
    }),
  ),
});

const startedAt = performance.now();
const say = (line: string) => console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(7)} s  ${line}`);
const total: Counts = { passed: 0, failed: 0, skipped: 0 };
/** Said once more at the end: whoever reads only the last lines of a long run must find what failed. */
const failures: string[] = [];

function add(counts: Counts): void {
  total.passed += counts.passed;
  total.failed += counts.failed;
  total.skipped += counts.skipped;
}

/** Runs a program of the project with its words on our output. @returns its exit code */
function runHere(program: string, args: readonly string[]): Promise<number> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: 'inherit' });
    child.on('error', fail);
    child.on('exit', (code) => done(code ?? 1));
  });
}

async function runStaticChecks(): Promise<void> {
  for (const [name, program, ...args] of STATIC_CHECKS) {
    const passed = (await runHere(program, args)) === 0;
    say(`${name}: ${passed ? 'passed' : 'FAILED'}`);
    if (!passed) failures.push(`static > ${name}`);
    add({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 });
  }
}

async function runTier(tier: Tier): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'ckx-report-'));
  const file = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const code = await runHere('vitest', ['run', '--project', tier, ...reporters]);
    const text = await readFile(file, 'utf8').catch(() => null);
    const report = text === null ? null : Report.parse(JSON.parse(text));
    const counts = report === null ? { passed: 0, failed: 1, skipped: 0 } : countsOf(report);
    failures.push(...(report === null ? [`${tier}: no report`] : failuresOf(tier, report)));
    // A run that failed beside its tests (an unhandled error, no test at all) counts as one that failed.
    if ((code !== 0 || counts.passed === 0) && counts.failed === 0) {
      counts.failed = 1;
      failures.push(`${tier}: ended with ${code}, and no test says why`);
    }
    add(counts);
    say(`${tier}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function countsOf(report: z.infer<typeof Report>): Counts {
  const brokenFiles = report.testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  const { numTotalTests, numPassedTests, numFailedTests } = report;
  return {
    passed: numPassedTests,
    failed: numFailedTests + brokenFiles.length,
    skipped: numTotalTests - numPassedTests - numFailedTests,
  };
}

function failuresOf(tier: Tier, { testResults }: z.infer<typeof Report>): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = `${tier} > ${relative(ROOT, name)}`;
    const failed = assertionResults.filter((result) => result.status === 'failed');
    if (failed.length === 0) return status === 'failed' ? [`${file}\n${firstLines(message)}`] : [];
    return failed.map(({ fullName, failureMessages }) => `${file} > ${fullName}\n${firstLines(failureMessages?.[0] ?? '')}`);
  });
}

function firstLines(message: string): string {
  const ours = message.split('\n').filter((line) => !line.includes('node_modules'));
  return ours
    .slice(0, 6)
    .map((line) => `    ${line.slice(0, 300)}`)
    .join('\n');
}

/** What a tier needs is got before it runs, so that no test waits for a build. */
async function prepare(tiers: readonly Tier[]): Promise<Engine | null> {
  if (tiers.includes('unit')) {
    await resolveTools(say, ['promtool', 'stripe-mock']);
    await ensureGo(say);
  }
  if (tiers.some((tier) => ['temporal', 'clock', 'browser', 'sessions', FULL].includes(tier))) await resolveTool('temporal', say);
  if (!tiers.some((tier) => ['browser', 'engine', 'sessions', FULL].includes(tier))) return null;
  const engine = await ensureEngine({ log: say });
  const images = await ensureImages({ log: say, dockerHost: engine.dockerHost });
  // Tests of images and provider read them from here, and so does the installation of the session tests.
  Object.assign(process.env, { DOCKER_HOST: engine.dockerHost, ...imageVariables(images) });
  return engine;
}

async function main(): Promise<void> {
  const asked = z.array(Tier).safeParse(process.argv.slice(2));
  if (!asked.success) {
    throw new CkxError('user', 'INVALID_ARGUMENT', `The tiers are ${TIERS.join(', ')}.`, { remedy: 'Call it like: npm test -- unit db' });
  }
  const tiers = asked.data.length === 0 ? TIERS : Tier.options.filter((tier) => asked.data.includes(tier));
  const engine = await prepare(tiers);
  try {
    for (const tier of tiers) await (tier === 'static' ? runStaticChecks() : runTier(tier));
  } finally {
    await engine?.release();
  }
}

try {
  await main();
} catch (error) {
  const { body } = describeFailure(error);
  console.error(`${body.error.message}${body.error.remedy === undefined ? '' : `\n${body.error.remedy}`}`);
  total.failed += 1;
}
if (failures.length > 0) console.log(`\nFailed:\n${failures.join('\n')}\n`);
console.log(`Tests: ${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
