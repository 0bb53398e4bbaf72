import { describe, expect, it } from 'vitest';
import { BoundedOutput, demultiplex } from './output.ts';

function frame(type: number, text: string): Buffer {
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

describe('BoundedOutput', () => {
  it('keeps everything below the limit', () => {
    const output = new BoundedOutput(100);
    output.write(Buffer.from('hello '));
    output.write(Buffer.from('world'));
    expect(output.toString()).toBe('hello world');
    expect(output.droppedBytes).toBe(0);
  });

  it('keeps exactly the limit whole', () => {
    const output = new BoundedOutput(10);
    output.write(Buffer.from('0123456789'));
    expect(output.toString()).toBe('0123456789');
  });

  it('keeps the first and the last half, and says how much is missing', () => {
    const output = new BoundedOutput(10);
    output.write(Buffer.from('abcdefgh'));
    output.write(Buffer.from('ijklmnop'));
    expect(output.toString()).toBe('abcde\n… 6 bytes left out …\nlmnop');
    expect(output.droppedBytes).toBe(6);
  });

  it('does not grow with what is printed, one byte at a time or at once', () => {
    const before = process.memoryUsage().arrayBuffers;
    const output = new BoundedOutput(1_000);
    for (let index = 0; index < 200_000; index += 1) output.write(Buffer.from('x'));
    for (let index = 0; index < 100; index += 1) output.write(Buffer.alloc(1_000_000, 'y'));
    output.write(Buffer.from('end'));
    expect(output.droppedBytes).toBe(200_000 + 100_000_000 + 3 - 1_000);
    expect(output.toString().endsWith('yend')).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(150_000_000);
  });
});

describe('demultiplex', () => {
  const bytes = Buffer.concat([frame(1, 'one '), frame(2, 'bad'), frame(1, ''), frame(1, 'two')]);

  it.each([1, 3, 8, 11, bytes.length])('takes frames apart whatever the chunks are (%i bytes each)', async (size) => {
    const stdout = new BoundedOutput(100);
    const stderr = new BoundedOutput(100);
    const stream = demultiplex({ stdout, stderr });
    for (let at = 0; at < bytes.length; at += size) stream.write(bytes.subarray(at, at + size));
    await new Promise<void>((resolve) => stream.end(resolve));
    expect(stdout.toString()).toBe('one two');
    expect(stderr.toString()).toBe('bad');
  });
});
