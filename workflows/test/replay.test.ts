import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { temporal } from '@temporalio/proto';
import { DeterminismViolationError } from '@temporalio/workflow';
import { DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { workflowBundle } from '../bundle/index.ts';

const FOLDER = join(import.meta.dirname, 'histories');

let bundle: WorkflowBundleOption;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  bundle = await workflowBundle(join(tmpdir(), 'ckx-test-bundles'));
}, 120_000);

function decode(text: string): temporal.api.history.v1.History {
  return temporal.api.history.v1.History.fromObject(z.record(z.string(), z.unknown()).parse(JSON.parse(text)));
}

function read(name: string): Promise<string> {
  return readFile(join(FOLDER, name), 'utf8');
}

describe('recorded sessions replay: what runs now can go on with this code', async () => {
  it.for(await readdir(FOLDER))('%s', { timeout: 30_000 }, async (name) => {
    await Worker.runReplayHistory({ workflowBundle: bundle }, decode(await read(name)));
  });
});

it('notices code that does otherwise than the history', { timeout: 30_000 }, async () => {
  const changed = (await read('expired.json')).replaceAll('"beginAttempt"', '"recordClock"');
  await expect(Worker.runReplayHistory({ workflowBundle: bundle }, decode(changed))).rejects.toThrow(DeterminismViolationError);
});
