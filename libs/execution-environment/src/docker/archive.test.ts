import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import tar from 'tar-stream';
import { expect, it } from 'vitest';
import { folderEntries, makeTar } from './archive.ts';

it('packs files with modes, owners and contents, and follows no link', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ckx-archive-test-'));
  await mkdir(join(folder, 'scripts'));
  await writeFile(join(folder, 'scripts/a.sh'), 'true\n', { mode: 0o700 });
  await writeFile(join(folder, 'lab.yaml'), 'id: ä\n', { mode: 0o600 });
  await symlink('/etc/hostname', join(folder, 'link.yaml'));
  const archive = await makeTar([
    { path: 'secret', mode: 0o600, uid: 1_000, gid: 1_001, content: 'x' },
    ...(await folderEntries(folder, 'exam-assets')),
  ]);
  await rm(folder, { recursive: true });

  const extract = tar.extract();
  extract.end(archive);
  const found: unknown[] = [];
  for await (const entry of extract) {
    const { name, mode, uid, gid, type } = entry.header;
    found.push({ name, mode: mode.toString(8), owner: `${uid}:${gid}`, type, content: await text(entry) });
  }
  expect(found).toEqual([
    { name: 'secret', mode: '600', owner: '1000:1001', type: 'file', content: 'x' },
    { name: 'exam-assets', mode: '755', owner: '0:0', type: 'directory', content: '' },
    { name: 'exam-assets/lab.yaml', mode: '644', owner: '0:0', type: 'file', content: 'id: ä\n' },
    { name: 'exam-assets/scripts', mode: '755', owner: '0:0', type: 'directory', content: '' },
    { name: 'exam-assets/scripts/a.sh', mode: '644', owner: '0:0', type: 'file', content: 'true\n' },
  ]);
});
