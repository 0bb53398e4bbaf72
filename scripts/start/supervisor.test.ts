import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcess, isAlive, markOf, type ProcessMark } from '@ckx/toolchain';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Supervisor, type Service } from './supervisor.ts';

let folder: string;
let supervisor: Supervisor;
let said: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ckx-supervisor-test-'));
  said = [];
  supervisor = new Supervisor(
    (line) => said.push(line),
    () => Promise.resolve(),
  );
});
afterEach(async () => {
  await supervisor.stop('one', 'two');
  await rm(folder, { recursive: true, force: true });
});

/** A real process, whose handle does not hold ours: like those of the databases. */
function service(name: string, script: string): Service {
  return {
    name,
    logFile: join(folder, `${name}.log`),
    start: async () => {
      const child = spawn('sh', ['-c', script], { detached: true, stdio: 'ignore' });
      child.unref();
      await new Promise((spawned) => child.once('spawn', spawned));
      const mark = markOf(child.pid ?? 0);
      return { process: mark, exited: new Promise((done) => child.once('exit', done)), stop: () => endProcess(mark, 1_000) };
    },
  };
}

function mark(name: string): ProcessMark {
  const found = supervisor.marks()[name];
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

describe('Supervisor', () => {
  it('starts a killed process again, says so, and leaves the others alone', async () => {
    await supervisor.keep(service('one', 'exec sleep 60'));
    await supervisor.keep(service('two', 'exec sleep 60'));
    const [one, two] = [mark('one'), mark('two')];
    process.kill(one.pid, 'SIGKILL');
    await vi.waitFor(() => expect(mark('one').pid).not.toBe(one.pid), 5_000);
    expect(isAlive(mark('one'))).toBe(true);
    expect(mark('two')).toEqual(two);
    expect(said.join()).toMatch(/one ended; starting it again/);
  });

  it('stops what it keeps, and what is started too late', async () => {
    await supervisor.keep(service('one', 'exec sleep 60'));
    const one = mark('one');
    supervisor.close();
    await supervisor.stop('one');
    expect(isAlive(one)).toBe(false);
    await supervisor.keep(service('two', `echo $$ > ${folder}/pid; exec sleep 60`));
    expect(supervisor.marks()).toEqual({});
    const late = Number(await readFile(`${folder}/pid`, 'utf8').catch(() => '0'));
    if (late > 0) expect(isAlive(markOf(late))).toBe(false);
  });

  it('stops while it waits to start a process again', async () => {
    supervisor.settled();
    await supervisor.keep(service('one', 'exit 3'));
    await vi.waitFor(() => expect(said.filter((line) => line.includes('ended with 3')).length).toBeGreaterThan(1), 5_000);
    await supervisor.stop('one');
    const saidThen = said.length;
    await new Promise((done) => setTimeout(done, 1_200));
    expect(said).toHaveLength(saidThen);
  });

  it('gives up on a process that keeps ending before all was ready', async () => {
    await supervisor.keep(service('one', 'exit 3'));
    await expect(supervisor.hopeless).rejects.toMatchObject({ code: 'SERVICE_KEEPS_ENDING', message: 'one ends again and again.' });
  });
});
