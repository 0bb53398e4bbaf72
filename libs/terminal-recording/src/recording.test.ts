import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { AsciicastWriter, wholeLines, type WriterOptions } from './index.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ckx-recording-'));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
const newFile = () => join(folder, `${files++}.cast`);
const options = { cols: 80, rows: 24, startedAtMs: 1_700_000_000_999, limitBytes: 2 ** 20 };
const lines = (content: Buffer) =>
  z.array(z.unknown()).parse(
    content
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  );

async function record(use: (writer: AsciicastWriter) => unknown, values: Partial<WriterOptions> = {}) {
  const path = newFile();
  const writer = new AsciicastWriter(path, { ...options, ...values });
  await use(writer);
  await writer.end();
  return { path, bytes: await readFile(path) };
}

it('writes a header and events with the time between them', async () => {
  let now = 5_000;
  const { path, bytes } = await record(
    (writer) => {
      now += 250.4;
      writer.output(Buffer.from('\u001b[1mhello\r\n'));
      now += 1_000;
      writer.resize({ cols: 90, rows: 30 });
      now += 100;
      writer.output(Buffer.from('bye'));
    },
    { now: () => now },
  );
  expect(lines(bytes)).toEqual([
    { version: 3, term: { cols: 80, rows: 24, type: 'xterm-256color' }, timestamp: 1_700_000_000 },
    [0.25, 'o', '\u001b[1mhello\r\n'],
    [1, 'r', '90x30'],
    [0.1, 'o', 'bye'],
  ]);
  expect(wholeLines(bytes)).toEqual({ content: bytes, durationMs: 1_350, cut: false });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('splits no character, however the bytes come', async () => {
  const text = 'grüß 漢字 👩‍💻 é'.repeat(50);
  const { bytes } = await record(async (writer) => {
    for (const byte of Buffer.from(text)) {
      writer.output(Buffer.from([byte]));
      if (byte % 16 === 0) await sleep(1);
    }
  });
  const events = z.array(z.tuple([z.number(), z.string(), z.string()])).parse(lines(bytes).slice(1));
  expect(events.map(([, , data]) => data).join('')).toBe(text);
});

it('keeps a flood to few lines, and cuts what is too long', async () => {
  const { bytes } = await record((writer) => {
    for (let chunk = 0; chunk < 4_000; chunk += 1) writer.output(Buffer.from('y\r\n'.repeat(300)));
  });
  expect(bytes.length).toBeLessThanOrEqual(options.limitBytes + 10);
  const read = wholeLines(bytes);
  expect(read).toMatchObject({ cut: true });
  expect(bytes.toString().split('\n').length).toBeLessThan(100);
});

it('is whole again after a crash, whatever is left of the end', async () => {
  const { bytes } = await record((writer) => {
    writer.output(Buffer.from('one'));
    writer.resize({ cols: 3, rows: 3 });
    writer.output(Buffer.from('two'));
  });
  const ends = [...bytes.entries()].filter(([, byte]) => byte === 0x0a).map(([index]) => index + 1);
  for (let length = 0; length <= bytes.length; length += 1) {
    const whole = wholeLines(bytes.subarray(0, length));
    const expected = ends.findLast((end) => end <= length);
    expect(whole?.content.length).toBe(expected);
  }
  const half = Buffer.concat([bytes, Buffer.from('[0.1, "o"\n[1, "o", "after it"]\n')]);
  expect(wholeLines(half)?.content).toEqual(bytes);
  expect(wholeLines(randomBytes(1_000))).toBe(null);
});

it('says so and goes on where the disk refuses', async () => {
  const faults: unknown[] = [];
  const writer = new AsciicastWriter(join(folder, 'missing', 'x.cast'), { ...options, onFault: (error) => faults.push(error) });
  writer.output(Buffer.from('x'));
  await sleep(100);
  writer.output(Buffer.from('y'));
  await writer.end();
  expect(faults).toHaveLength(1);
});
