/** The main job from the command line: `ckx` as processes of their own, as the README tells it. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AttemptResult, LabSummary, QuestionView, SessionStatus, SessionView } from '@ckx/contracts';
import { runCkx } from '@ckx/test-support/ckx';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { z } from 'zod';
import { solution } from './support.ts';

const LAB = 'ckad-mock-01';
let home: string;

const ckx = (args: readonly string[], input = '') =>
  runCkx(args, { env: { XDG_CONFIG_HOME: home, CKX_DATA_DIR: inject('dataDir') }, input });

/** The one JSON document of a command that must succeed. */
async function answer<S extends z.ZodType>(schema: S, ...args: readonly string[]): Promise<z.output<S>> {
  const { exitCode, stdout, stderr } = await ckx([...args, '--json']);
  expect(exitCode, stderr).toBe(0);
  return schema.parse(JSON.parse(stdout));
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'ckx-cli-'));
});
afterAll(() => rm(home, { recursive: true }));

describe('ckx', () => {
  it('goes from a lab to a graded result without any account to begin with', async () => {
    expect((await answer(z.array(LabSummary), 'labs', 'list')).map(({ id }) => id)).toContain(LAB);

    const started = await ckx(['session', 'start', LAB, '--follow']);
    expect(started.exitCode, started.stderr).toBe(0);
    for (const step of ['local account', 'a place on a host', 'node is Ready', 'questions are set up', 'ready, all in all']) {
      expect(started.stderr).toContain(step);
    }
    expect(started.stdout).toContain('ckx session shell');
    const { examSessionId: id, state } = await answer(SessionStatus, 'session', 'status');
    expect(state).toBe('ready');

    const again = await ckx(['session', 'start', LAB]);
    expect(again.exitCode).toBe(1);
    expect(again.stderr).toContain('→');

    const [question] = await answer(z.array(QuestionView), 'session', 'questions');
    if (question === undefined) throw new Error('no questions');
    const nodes = await ckx(['session', 'exec', '--', 'kubectl', 'get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}']);
    expect(nodes).toMatchObject({ exitCode: 0, stdout: 'controlplane' });
    expect(nodes.stderr).toContain('The clock runs: 30 min');
    expect(await ckx(['session', 'exec', id, '--', 'sh', '-c', 'echo "$0"; exit 9', "it's two words"])).toEqual({
      exitCode: 9,
      stdout: "it's two words\n",
      stderr: '',
    });
    const solved = await ckx(['session', 'exec', '--', 'bash', '-s'], await solution(LAB, question.id));
    expect(solved.exitCode, solved.stderr).toBe(0);
    expect(await readdir(join(home, 'ckx', 'keys'))).toEqual([`${id}.json`]);

    const submitted = await ckx(['session', 'submit', '--wait']);
    expect(submitted.exitCode, submitted.stderr).toBe(0);
    expect(submitted.stdout).toContain('Not passed');
    const result = await answer(AttemptResult, 'session', 'result');
    expect(result.examSessionId).toBe(id);
    expect(result.questions.filter(({ earned }) => earned > 0).map(({ questionId }) => questionId)).toEqual([question.id]);
    expect(await readdir(join(home, 'ckx', 'keys'))).toEqual([]);

    const followed = await ckx(['session', 'status', id, '--follow']);
    expect(followed.exitCode).toBe(0);
    expect(followed.stderr).toContain('environment: destroyed');
    const closed = await ckx(['session', 'exec', id, '--', 'true']);
    expect(closed.exitCode).toBe(1);
    expect(closed.stderr).toContain('submitted');
  });

  it('cancels a session that is not wanted any more', async () => {
    const { examSessionId } = await answer(SessionView, 'session', 'start', LAB);
    expect(await answer(SessionStatus, 'session', 'cancel')).toMatchObject({ examSessionId, state: 'terminated', outcome: 'cancelled' });
    const [newest] = await answer(z.array(SessionView), 'sessions');
    expect(newest).toMatchObject({ examSessionId, outcome: 'cancelled' });
    expect((await ckx(['session', 'submit'])).stderr).toContain('No session of yours is open.');
  });
});
