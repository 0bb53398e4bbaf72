import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { LabId } from '@ckx/contracts';
import { pack as tarPack, type Header } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { createCatalog, loadPack, packArchive, unpackArchive, withUnpacked } from '../src/index.ts';
import { FOREIGN, SpoiledPack, TINY, temporaryFolder } from './packs.ts';

type Entry = readonly [header: Partial<Header> & { name: string }, content?: string | Buffer];

async function archiveOf(...entries: readonly Entry[]): Promise<Buffer> {
  const tar = tarPack();
  for (const [header, content] of entries) tar.entry(header, content ?? '');
  tar.finalize();
  return gzipSync(await buffer(tar));
}

/** Unpacks into an empty folder with neighbours. @returns what it says, and what then is in the folder and around it. */
async function unpacked(archive: Uint8Array) {
  const outer = temporaryFolder();
  const folder = join(outer, 'inside');
  mkdirSync(folder);
  const said = await unpackArchive(archive, folder).then(
    () => 'unpacked',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  );
  return { said, inside: readdirSync(folder, { recursive: true }).sort(), around: readdirSync(outer) };
}

describe('the archive of a pack', () => {
  it('is the same for the same pack, and unpacks to the same pack', async () => {
    const [one, copy] = [loadPack(TINY), loadPack(new SpoiledPack(TINY).root)];
    const archive = await packArchive(one);
    expect((await packArchive(copy)).equals(archive)).toBe(true);
    const again = await withUnpacked(archive, (folder) => loadPack(folder));
    expect({ ...again, root: TINY }).toEqual(one);
    expect(existsSync(again.root)).toBe(false);
  });

  it('of CK-X brings along what labs.json says of it', async () => {
    const listed = createCatalog([FOREIGN]).get(LabId.parse('docker-901'));
    if (listed === undefined) throw new Error('no pack');
    const again = await withUnpacked(await packArchive(listed), (folder) => loadPack(folder));
    expect({ ...again, root: listed.root }).toEqual(listed);
  });

  it('is not made of a pack that changed after it was read', async () => {
    const folder = new SpoiledPack(TINY);
    const pack = loadPack(folder.root);
    folder.write('questions/more.txt', 'more');
    await expect(packArchive(pack)).rejects.toMatchObject({ code: 'LAB_PACK_CHANGED' });
  });
});

describe('an archive that tools made', () => {
  it('may have folders, a leading ./ and hidden files, which are left out', async () => {
    const archive = await archiveOf(
      [{ name: './', type: 'directory' }],
      [{ name: './lab.yaml' }, 'id: x'],
      [{ name: './._lab.yaml' }, 'a resource fork'],
      [{ name: './.git/config' }, 'x'],
      [{ name: './questions/', type: 'directory' }],
      [{ name: `./questions/${'long-'.repeat(40)}.txt` }, 'a name that needs a header of its own'],
    );
    expect(await unpacked(archive)).toEqual({
      said: 'unpacked',
      inside: ['lab.yaml', 'questions', `questions/${'long-'.repeat(40)}.txt`],
      around: ['inside'],
    });
  });
});

describe('an evil archive', () => {
  const names = [
    '../out',
    '/etc/ckx-out',
    'a/../../out',
    'a/./b',
    'a//b',
    '..',
    'a\\..\\out',
    'new\nline',
    '.git/../../out',
    './../out',
    'x'.repeat(501),
  ];
  it.for(names)('is refused with the path %j', async (name) => {
    const { said, inside, around } = await unpacked(await archiveOf([{ name }, 'evil']));
    expect(said).toMatch(/^ARCHIVE_REFUSED: .*is not one below its root/);
    expect([inside, around]).toEqual([[], ['inside']]);
    expect(existsSync('/etc/ckx-out')).toBe(false);
  });

  it.for(['symlink', 'link', 'character-device', 'block-device', 'fifo'] as const)('is refused with a %s', async (type) => {
    const archive = await archiveOf([{ name: 'way', type, linkname: '/tmp' }], [{ name: 'way/out' }, 'evil']);
    expect(await unpacked(archive)).toMatchObject({ said: expect.stringContaining(type) as string, inside: [], around: ['inside'] });
  });

  it('is refused with a file that a path goes through, and with one path twice', async () => {
    expect((await unpacked(await archiveOf([{ name: 'a' }, '1'], [{ name: 'a/b' }, '2']))).said).toMatch(/^ARCHIVE_REFUSED/);
    expect((await unpacked(await archiveOf([{ name: 'a/b' }, '1'], [{ name: 'a' }, '2']))).said).toMatch(/^ARCHIVE_REFUSED/);
    expect((await unpacked(await archiveOf([{ name: 'a' }, '1'], [{ name: './a' }, '2']))).said).toMatch(/twice/);
  });

  it('is refused where it unpacks to too much: a bomb, a large file, many files, many entries', { timeout: 60_000 }, async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 ** 2));
    expect(bomb.length).toBeLessThan(1024 ** 2);
    expect((await unpacked(bomb)).said).toMatch(/unpacks to more/);
    expect((await unpacked(await archiveOf([{ name: 'large' }, Buffer.alloc(1024 ** 2 + 1)]))).said).toMatch(/its file large has more/);
    const many = (count: number, name: (index: number) => string) =>
      archiveOf(...Array.from({ length: count }, (_, index) => [{ name: name(index) }] as const));
    expect((await unpacked(await many(502, (index) => `f${index}`))).said).toMatch(/more than 500 files/);
    expect((await unpacked(await many(2_001, (index) => `.hidden/${index}`))).said).toMatch(/entries/);
  });

  it('is refused where it is no archive, is cut off, or is damaged', async () => {
    const good = await packArchive(loadPack(TINY));
    expect((await unpacked(Buffer.from('no archive'))).said).toMatch(/not a complete gzip/);
    expect((await unpacked(good.subarray(0, good.length / 2))).said).toMatch(/not a complete gzip/);
    expect((await unpacked(gzipSync('no tar file'.repeat(100)))).said).toMatch(/not a tar/);
    expect((await unpacked(Buffer.alloc(0))).said).toMatch(/^ARCHIVE_REFUSED/);
  });
});

it('leaves nothing behind where it is refused', async () => {
  const archive = await archiveOf([{ name: 'fine' }, 'x'], [{ name: '../out' }, 'evil']);
  let used: string | null = null;
  await expect(
    withUnpacked(archive, (folder) => {
      used = folder;
    }),
  ).rejects.toMatchObject({ code: 'ARCHIVE_REFUSED' });
  expect(used).toBeNull();
  const seen = await withUnpacked(await packArchive(loadPack(TINY)), (folder) => folder);
  expect(existsSync(dirname(dirname(seen)))).toBe(false);
});
