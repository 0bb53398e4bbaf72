/**
 * The web application, built when it is needed and kept in the cache under a digest of everything that went in: a start without a change
 * takes no time. Compressed ahead, as far as that gains anything.
 */
import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { cachePath, runOrThrow, step, withLock, type Log } from '@ckx/toolchain';

const ROOT = resolve(import.meta.dirname, '../..');
const WEB = join(ROOT, 'apps/web');
const SOURCES = ['src', 'public'];
const FILES = ['index.html', 'vite.config.mjs', 'package.json', '../../package-lock.json'];
const COMPRESSIBLE = new Set(['.js', '.css', '.svg', '.html', '.json']);
/** Under this a compressed file saves no packet. */
const WORTH_COMPRESSING_BYTES = 1024;

const compress = { br: promisify(brotliCompress), gz: promisify(gzip) };

/** @returns the folder to serve (CKX_WEB_DIR). */
export async function ensureWeb(log: Log): Promise<string> {
  const folder = cachePath('web', await sourceDigest());
  if (await exists(folder)) return folder;
  await withLock(`${folder}.lock`, async () => {
    if (await exists(folder)) return;
    const making = `${folder}.making`;
    await rm(making, { recursive: true, force: true });
    await step(log, 'web application', () => make(making));
    // Whole or not at all.
    await rename(making, folder);
  });
  return folder;
}

async function make(outDir: string): Promise<void> {
  await mkdir(outDir, { recursive: true });
  // In a process of its own: React is built for development where NODE_ENV is anything but this, as it is in tests.
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', '--logLevel', 'warn', '--emptyOutDir', '--outDir', outDir];
  await runOrThrow(process.execPath, args, { cwd: WEB, env: { ...process.env, NODE_ENV: 'production' } });
  const files = await readdir(outDir, { recursive: true, withFileTypes: true });
  await Promise.all(files.filter((file) => file.isFile()).map(({ parentPath, name }) => compressFile(join(parentPath, name))));
}

async function compressFile(file: string): Promise<void> {
  if (!COMPRESSIBLE.has(extname(file))) return;
  const content = await readFile(file);
  if (content.length < WORTH_COMPRESSING_BYTES) return;
  const [br, gz] = await Promise.all([
    compress.br(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
    compress.gz(content, { level: 9 }),
  ]);
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
}

/** Of the sources but for tests, the settings, and the lock file for all that they import. */
async function sourceDigest(): Promise<string> {
  const hash = createHash('sha256');
  const found = await Promise.all(
    SOURCES.map(async (name) => (await readdir(join(WEB, name), { recursive: true, withFileTypes: true })).filter((file) => file.isFile())),
  );
  const sources = found.flat().map(({ parentPath, name }) => join(parentPath, name));
  const files = [...sources.filter((file) => !file.includes('.test.')), ...FILES.map((name) => join(WEB, name)), import.meta.filename];
  for (const file of files.sort())
    hash
      .update(file.slice(ROOT.length))
      .update('\0')
      .update(await readFile(file))
      .update('\0');
  return hash.digest('hex').slice(0, 32);
}

async function exists(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    () => false,
  );
}
