/** Official releases: fetched with a checksum, or known within seconds not to be had. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CkxError } from '@ckx/contracts';
import { runOrThrow } from './processes.ts';
import type { Download } from './tool-table.ts';

const ANSWER_TIMEOUT_MS = 5_000;
const TRANSFER_TIMEOUT_MS = 10 * 60_000;

/** Set once a download site could not be reached: this network is closed, and the next tool need not try. */
let networkClosed = false;

/** Puts the release's programs into `folder`. @returns false where the site cannot be reached. @throws when it answers wrongly */
export async function download(release: Download, bins: readonly string[], folder: string): Promise<boolean> {
  if (networkClosed) return false;
  const checksums = await get(release.sha256Url);
  if (checksums === null) return false;
  const expected = findChecksum(await checksums.text(), fileName(release.url), release.sha256Url);
  const response = await get(release.url);
  if (response?.body == null) return false;

  const temporary = await mkdtemp(join(folder, 'download-'));
  try {
    const file = join(temporary, fileName(release.url));
    await pipeline(Readable.fromWeb(response.body), createWriteStream(file), { signal: AbortSignal.timeout(TRANSFER_TIMEOUT_MS) });
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    const actual = hash.digest('hex');
    if (actual !== expected) {
      throw new CkxError('operational', 'CHECKSUM_WRONG', `${release.url} has checksum ${actual}, and ${expected} was promised.`, {
        remedy: 'Try again; if it stays so, something between here and there changes downloads.',
      });
    }
    if (release.folder !== undefined) await runOrThrow('tar', ['-xzf', file, '-C', temporary]);
    for (const bin of bins) await copyFile(release.folder === undefined ? file : join(temporary, release.folder, bin), join(folder, bin));
    return true;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** @returns null where the site cannot be reached */
async function get(url: string): Promise<Response | null> {
  const answer = new AbortController();
  const timer = setTimeout(() => answer.abort(), ANSWER_TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(url, { signal: answer.signal });
  } catch {
    networkClosed = true;
    return null;
  } finally {
    clearTimeout(timer);
  }
  if (!response.ok) throw new CkxError('operational', 'DOWNLOAD_REFUSED', `${url} answered ${response.status}.`);
  return response;
}

/** Reads both usual forms: `<hash>  <file>` and `SHA256 (<file>) = <hash>`. */
export function findChecksum(text: string, file: string, source: string): string {
  const lines = text.split('\n').filter((line) => /\b[0-9a-f]{64}\b/.test(line));
  const named = lines.filter((line) => line.split(/[\s()*]+/).includes(file));
  const digits = (named[0] ?? (lines.length === 1 ? lines[0] : undefined))?.match(/\b[0-9a-f]{64}\b/)?.[0];
  if (digits === undefined) throw new CkxError('operational', 'CHECKSUM_MISSING', `${source} holds no SHA-256 for ${file}.`);
  return digits;
}

function fileName(url: string): string {
  return url.slice(url.lastIndexOf('/') + 1);
}
