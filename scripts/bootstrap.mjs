// Plain JavaScript without dependencies: it runs under whatever Node a machine has, installs what package-lock.json names, and goes
// on with the Node that came with it.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;
const root = fileURLToPath(new URL('..', import.meta.url));

/** Installs npm packages where they are missing or not those of package-lock.json, then runs a TypeScript file of this folder. */
export function bootstrap(script) {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    fail(`Node ${process.versions.node} is too old. Install Node ${OLDEST_NODE} or newer (https://nodejs.org) and try again.`);
  }
  if (!isInstalled()) withLock(install);
  const node = join(root, 'node_modules/.bin/node');
  const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}` };
  const child = spawn(node, [join(root, 'scripts', script), ...process.argv.slice(2)], { stdio: 'inherit', env });
  // A terminal sends its signals to both; the child decides what they mean, and may get them twice.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`${node} does not start: ${error.message}. Run npm ci and try again.`));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 1 : 130)));
}

/** npm writes the hidden lock file last, so one that agrees says that everything is there. */
function isInstalled() {
  const hidden = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(hidden) || !existsSync(join(root, 'node_modules/.bin/node'))) return false;
  const installed = JSON.parse(readFileSync(hidden, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  delete wanted[''];
  return Object.entries(wanted).every(([path, entry]) => {
    const own = installed[path];
    return own === undefined ? entry.optional === true || entry.peer === true : own.version === entry.version;
  });
}

function install() {
  if (isInstalled()) return;
  const startedAt = Date.now();
  console.log('npm packages: installing those of package-lock.json …');
  const npm = process.env.npm_execpath === undefined ? ['npm'] : [process.execPath, process.env.npm_execpath];
  const args = [...npm.slice(1), 'ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync(npm[0], args, { cwd: root, stdio: 'inherit' });
  if (status !== 0)
    fail(`npm ci failed${error === undefined ? '' : ` (${error.message})`}. Its words are above; repair that and try again.`);
  console.log(`npm packages: ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** One installs, others wait; the lock of a process that died is taken over. */
function withLock(work) {
  const lock = join(root, '.npm-ci.lock');
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = existsSync(join(lock, 'pid')) ? Number(readFileSync(join(lock, 'pid'), 'utf8')) : undefined;
      if (holder !== undefined && !isAlive(holder)) rmSync(lock, { recursive: true, force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    }
  }
  writeFileSync(join(lock, 'pid'), String(process.pid));
  process.once('exit', () => rmSync(lock, { recursive: true, force: true }));
  work();
  rmSync(lock, { recursive: true, force: true });
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}
