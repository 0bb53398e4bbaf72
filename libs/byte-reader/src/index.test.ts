import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ByteReader } from './index.ts';

it('takes what was asked for, however it comes, and leaves the rest', async () => {
  const stream = new PassThrough();
  const reader = new ByteReader(stream);
  const taken = reader.take(5);
  stream.write('ab');
  // Others have their turn while it waits for more.
  await sleep(20);
  stream.write('cdefg');
  expect((await taken).toString()).toBe('abcde');
  const rest: Buffer[] = [];
  stream.on('data', (data: Buffer) => rest.push(data));
  stream.write('hi');
  await sleep(20);
  expect(Buffer.concat(rest).toString()).toBe('fghi');
});

it('takes more than a stream holds back', async () => {
  const stream = new PassThrough();
  const taken = new ByteReader(stream).take(2 ** 20);
  for (let part = 0; part < 2 ** 8; part += 1) stream.write(Buffer.alloc(2 ** 12, part));
  expect((await taken)[2 ** 20 - 1]).toBe(255);
});

it('reads numbers, and whatever has come', async () => {
  const stream = new PassThrough();
  const reader = new ByteReader(stream);
  stream.write(Buffer.from([7, 0, 0, 1, 2, 9, 9]));
  expect([await reader.byte(), await reader.uint32()]).toEqual([7, 258]);
  expect(await reader.some()).toEqual(Buffer.from([9, 9]));
  expect(await reader.take(0)).toHaveLength(0);
});

it('throws where the stream ends before, or has ended', async () => {
  const ending = new PassThrough();
  const taken = new ByteReader(ending).take(3);
  ending.end('ab');
  await expect(taken).rejects.toThrow('ended');
  await expect(new ByteReader(ending).some()).rejects.toThrow('ended');
  const broken = new PassThrough().on('error', () => undefined);
  const next = new ByteReader(broken).some();
  broken.destroy(new Error('broken'));
  await expect(next).rejects.toThrow('broken');
});
