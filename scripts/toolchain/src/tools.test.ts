import { createHash } from 'node:crypto';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findChecksum } from './download.ts';
import type { ToolSpec } from './tool-table.ts';
import { resolveSpec } from './tools.ts';

const BUILT: ToolSpec = {
  version: '1',
  bins: ['smallest'],
  runsOn: 'image',
  build: [{ module: 'smallest', packages: ['.'], name: 'smallest' }],
};

let folder: string;
const before = { cache: process.env['XDG_CACHE_HOME'], path: process.env['PATH'] };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ckx-tools-test-'));
  process.env['XDG_CACHE_HOME'] = join(folder, 'cache');
});
afterEach(async () => {
  if (before.cache === undefined) delete process.env['XDG_CACHE_HOME'];
  else process.env['XDG_CACHE_HOME'] = before.cache;
  process.env['PATH'] = before.path;
  await rm(folder, { recursive: true, force: true });
});

function quiet(): void {}

/** A release site. @param promised the checksum that it gives, where it is not the right one */
async function releaseSite(
  program: string,
  promised?: string,
): Promise<{ spec: ToolSpec; requests: string[]; close: () => Promise<void> }> {
  const requests: string[] = [];
  const digest = promised ?? createHash('sha256').update(program).digest('hex');
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.end(request.url === '/tool' ? program : `SHA256 (other) = ${'0'.repeat(64)}\nSHA256 (tool) = ${digest}\n`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const origin = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  return {
    requests,
    spec: {
      ...BUILT,
      bins: ['tool'],
      download: () => ({ url: `${origin}/tool`, sha256Url: `${origin}/sums` }),
      build: [{ ...BUILT.build[0], packages: ['.'], name: 'tool' }],
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}

describe('a tool is had from', { timeout: 120_000 }, () => {
  it('the machine, where its version is the right one', async () => {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'tool'), '#!/bin/sh\necho tool version 1.2.3\n');
    await chmod(join(bin, 'tool'), 0o755);
    process.env['PATH'] = `${bin}:${before.path}`;
    const site = await releaseSite('downloaded');
    const machine = { program: 'tool', args: [] };
    try {
      const right = await resolveSpec('tool', { ...site.spec, version: '1.2.3', machine }, quiet);
      expect(right).toMatchObject({ origin: 'machine', path: join(bin, 'tool') });
      expect(site.requests).toEqual([]);
      const wrong = await resolveSpec('tool', { ...site.spec, version: '1.2', machine }, quiet);
      expect(wrong.origin).toBe('download');
    } finally {
      await site.close();
    }
  });

  it('the download, and then the cache', async () => {
    const site = await releaseSite('#!/bin/sh\n');
    try {
      const first = await resolveSpec('tool', site.spec, quiet);
      expect(first.origin).toBe('download');
      expect(await readFile(first.path, 'utf8')).toBe('#!/bin/sh\n');
      const asked = site.requests.length;
      expect(await resolveSpec('tool', site.spec, quiet)).toEqual({ ...first, origin: 'cache' });
      expect(site.requests).toHaveLength(asked);
    } finally {
      await site.close();
    }
  });

  it('a build, where the download is not what was promised, and says so', async () => {
    const site = await releaseSite('changed on the way', 'a'.repeat(64));
    const said: string[] = [];
    try {
      const tool = await resolveSpec('tool', site.spec, (line) => said.push(line));
      expect(tool.origin).toBe('build');
      expect(said.join('\n')).toMatch(/checksum/);
      expect(await readFile(tool.path, 'latin1')).not.toMatch(/^changed/);
    } finally {
      await site.close();
    }
  });

  it.each(['sources', 'module'] as const)('a build anew, where its own files (%s) have changed, but for tests', async (kind) => {
    const root = resolve(import.meta.dirname, kind === 'sources' ? '../../..' : '../go');
    const spec: ToolSpec = { ...BUILT, build: [{ [kind]: relative(root, join(folder, 'program')), packages: ['.'], name: 'smallest' }] };
    await cp(join(import.meta.dirname, '../go/smallest'), join(folder, 'program'), { recursive: true });
    const first = await resolveSpec('smallest', spec, quiet);
    await writeFile(join(folder, 'program/some_test.go'), 'package main\n');
    expect(await resolveSpec('smallest', spec, quiet)).toMatchObject({ origin: 'cache', path: first.path });
    await writeFile(join(folder, 'program/more.go'), 'package main\n');
    const second = await resolveSpec('smallest', spec, quiet);
    expect(second.origin).toBe('build');
    expect(second.path).not.toBe(first.path);
  });

  it('one build, for two who ask at once, also after an interrupted one', async () => {
    const whole = dirname((await resolveSpec('smallest', BUILT, quiet)).path);
    await mkdir(join(`${whole}.new`, 'half'), { recursive: true });
    await rm(whole, { recursive: true });
    const tools = await Promise.all([resolveSpec('smallest', BUILT, quiet), resolveSpec('smallest', BUILT, quiet)]);
    expect(tools.map(({ origin }) => origin).sort()).toEqual(['build', 'cache']);
    expect(tools[0]?.path).toBe(tools[1]?.path);
  });
});

describe('findChecksum', () => {
  const digest = 'b'.repeat(64);
  it.each([
    ['lone', `${digest}\n`],
    ['lone with a name', `${digest}  renamed.tgz\n`],
    ['list', `${'0'.repeat(64)}  other.tgz\n${digest}  tool.tgz\n`],
    ['binary list', `${'0'.repeat(64)} *other.tgz\n${digest} *tool.tgz\n`],
    ['BSD', `SHA256 (other.tgz) = ${'0'.repeat(64)}\nSHA256 (tool.tgz) = ${digest}\n`],
  ])('reads the form: %s', (_, text) => {
    expect(findChecksum(text, 'tool.tgz', 'sums')).toBe(digest);
  });

  it('refuses to guess', () => {
    expect(() => findChecksum(`${'0'.repeat(64)}  a\n${digest}  b\n`, 'tool.tgz', 'sums')).toThrow(/no SHA-256 for tool.tgz/);
    expect(() => findChecksum('<html>not found</html>', 'tool.tgz', 'sums')).toThrow();
  });
});
