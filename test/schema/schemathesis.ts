/** schemathesis of the package index, each file by its hash, in an environment of its own in the cache. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CkxError } from '@ckx/contracts';
import { cachePath, withLock, type Log } from '@ckx/toolchain';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const run = promisify(execFile);

/**
 * Path of the program; it is installed where it is missing.
 *
 * @throws CkxError operational `SCHEMATHESIS_MISSING` where there is no Python 3.10 or newer, or no package index.
 */
export async function ensureSchemathesis(log: Log): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex')
    .slice(0, 16);
  const folder = cachePath('schemathesis', digest);
  const program = join(folder, 'bin', 'schemathesis');
  return await withLock(`${folder}.lock`, async () => {
    if (await works(program)) return program;
    log('schemathesis: installing what test/schema/requirements.txt names …');
    await rm(folder, { recursive: true, force: true });
    try {
      await run('python3', ['-m', 'venv', folder]);
      const pip = join(folder, 'bin', 'pip');
      await run(pip, [
        'install',
        '--quiet',
        '--disable-pip-version-check',
        '--require-hashes',
        '--only-binary',
        ':all:',
        '-r',
        REQUIREMENTS,
      ]);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw new CkxError('operational', 'SCHEMATHESIS_MISSING', 'schemathesis could not be installed.', {
        remedy: 'It needs Python 3.10 or newer with its venv module, and a package index that pip reaches.',
        cause: error,
      });
    }
    return program;
  });
}

async function works(program: string): Promise<boolean> {
  try {
    await access(program);
    await run(program, ['--version']);
    return true;
  } catch {
    return false;
  }
}
