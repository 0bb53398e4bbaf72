/** What each cell of the matrix must show: what the session of one state comes to after one component was killed. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExamSessionId, SessionStatus } from '@ckx/contracts';
import { openShell, shellExec, type ApiClient } from '@ckx/test-support/client';
import { Client as PgClient } from 'pg';
import type { Component } from './components.ts';
import type { State, Subject } from './stage.ts';

/** Provisioning has 60 s of its own; a queue moves when others end. */
const MOVES_WITHIN_MS = 180_000;
const GRADED_WITHIN_MS = 180_000;
const SHELL_WITHIN_MS = 60_000;
/** Of the recorded end from the recorded deadline, credits included. */
const DEADLINE_TOLERANCE_MS = 1_000;

export interface CellContext {
  readonly component: Component;
  readonly databaseUrl: string;
}

/** @returns a word on what happened. @throws Error that says what should have happened. */
export async function follow(state: State, { client, id }: Subject, context: CellContext): Promise<string> {
  const { component } = context;
  switch (state) {
    case 'queued': {
      const admitted = await client.waitFor(id, (status) => status.state !== 'created', MOVES_WITHIN_MS);
      must(admitted.state !== 'failed', `admitted, not ${admitted.state}`);
      await end(client, id);
      return component === 'node' ? 'had no node yet; admitted' : 'admitted';
    }
    case 'initializing':
      return provisioned(client, id, context);
    case 'ready': {
      await untilShellAnswers(client, id);
      await client.send('POST', `/sessions/${id}/start`);
      await client.waitForState(id, 'running', MOVES_WITHIN_MS);
      await end(client, id);
      return 'shell, clock started';
    }
    case 'running': {
      await untilShellAnswers(client, id);
      const over = await client.waitFor(id, ({ state: now }) => now === 'terminated' || now === 'failed', MOVES_WITHIN_MS);
      must(over.outcome === 'expired', `expired, not ${over.outcome ?? JSON.stringify(over.failure)}`);
      const late = Date.parse(over.endedAt ?? '') - Date.parse(over.deadlineAt ?? '');
      must(Math.abs(late) <= DEADLINE_TOLERANCE_MS, `ended at its deadline, not ${late} ms after`);
      await graded(client, id, context);
      return `shell, ended ${late} ms after its deadline, graded`;
    }
    case 'grading':
      await graded(client, id, context);
      return 'graded 50 %, once';
    case 'teardown':
      await client.waitFor(id, ({ environment }) => environment === 'destroyed', MOVES_WITHIN_MS);
      return 'destroyed';
  }
}

/** A node that dies in its first start is a start-up failure; whatever else dies, the session gets ready all the same. */
async function provisioned(client: ApiClient, id: ExamSessionId, { component }: CellContext): Promise<string> {
  const { state, failure } = await client.waitFor(id, (status) => status.state !== 'initializing', MOVES_WITHIN_MS);
  if (component !== 'node') {
    must(state === 'ready', `ready, not ${state}: ${failure?.reason ?? ''}`);
    await end(client, id);
    return 'ready';
  }
  if (state === 'ready') {
    await end(client, id);
    return 'ready';
  }
  must(failure?.step !== undefined && failure.reason !== '', `failed at a step, with a reason: ${JSON.stringify(failure)}`);
  const again = await client.startSession('slow-01');
  await client.send('DELETE', `/sessions/${again}`);
  await client.waitFor(again, ended, MOVES_WITHIN_MS);
  return `failed as ${failure?.type} at ${failure?.step}, a new start was possible`;
}

async function end(client: ApiClient, id: ExamSessionId): Promise<void> {
  await client.send('DELETE', `/sessions/${id}`);
  await client.waitFor(id, ended, MOVES_WITHIN_MS);
}

function ended({ state }: SessionStatus): boolean {
  return state === 'terminated' || state === 'failed';
}

/** The prepared check passes, the other fails, and there is one attempt: whatever died meanwhile. */
async function graded(client: ApiClient, id: ExamSessionId, { databaseUrl }: CellContext): Promise<void> {
  await client.waitFor(id, ({ attempt }) => attempt !== 'in_progress' && attempt !== 'grading', GRADED_WITHIN_MS);
  const { state, percent, provisional } = await client.result(id);
  must(
    state === 'graded' && percent === 50 && !provisional,
    `graded with 50 %, not ${state} with ${percent} %, provisional: ${provisional}`,
  );
  const pg = new PgClient({ connectionString: databaseUrl });
  await pg.connect();
  const { rowCount } = await pg.query('SELECT FROM exam_attempts WHERE exam_session_id = $1', [id]).finally(() => pg.end());
  must(rowCount === 1, `one attempt, not ${rowCount}`);
}

/** A shell that reaches the cluster, with a key of its own, tried until it does. */
async function untilShellAnswers(client: ApiClient, id: ExamSessionId): Promise<void> {
  const until = Date.now() + SHELL_WITHIN_MS;
  let key = await client.sshKey(id).catch(() => null);
  for (;;) {
    try {
      key ??= await client.sshKey(id);
      const shell = await openShell(key);
      const { exitCode, stderr } = await shellExec(shell, 'kubectl get configmap prepared').finally(() => shell.end());
      if (exitCode === 0) return;
      throw new Error(stderr);
    } catch (error) {
      if (Date.now() > until) throw new Error(`the shell answers within ${SHELL_WITHIN_MS / 1000} s: ${String(error)}`, { cause: error });
      await sleep(500);
    }
  }
}

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`must have been: ${what}`);
}
