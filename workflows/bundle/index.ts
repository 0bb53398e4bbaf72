import { createHash } from 'node:crypto';
import { access, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bundleWorkflowCode, type WorkflowBundleOption } from '@temporalio/worker';
import { z } from 'zod';

/** Same for the worker and for replays, or a replay proves nothing. Shared by all workflows of a process: stateless, and slow to load. */
const PRELOADED = ['zod'];
const INTERCEPTORS = ['src/tracing.ts'];

const PACKAGE = dirname(import.meta.dirname);

const Manifest = z.object({ dependencies: z.record(z.string(), z.string()).default({}) });

/**
 * The workflows, bundled for the worker's sandbox; kept in the cache under a digest of everything that went in, so that a start
 * without a change takes no time.
 *
 * @param cacheDir folder of bundles, made where it is missing.
 */
export async function workflowBundle(cacheDir: string): Promise<WorkflowBundleOption> {
  const codePath = join(cacheDir, `workflows-${await sourceDigest()}.js`);
  try {
    await access(codePath);
  } catch {
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(PACKAGE, 'src/index.ts'),
      workflowInterceptorModules: INTERCEPTORS.map((file) => join(PACKAGE, file)),
      preloadModules: PRELOADED,
    });
    await mkdir(cacheDir, { recursive: true });
    // Two workers may do this at once: each writes its own file, the last rename wins, both are right.
    await writeFile(`${codePath}.${process.pid}`, code);
    await rename(`${codePath}.${process.pid}`, codePath);
  }
  return { codePath };
}

/** Digest of the sources of the workflows and of every package of ours they depend on, and of the lock file for all others. */
async function sourceDigest(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([PRELOADED, INTERCEPTORS]));
  const folders = new Set([PACKAGE]);
  for (const folder of folders) {
    const { dependencies } = Manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
    const resolver = createRequire(join(folder, 'package.json'));
    for (const name of Object.keys(dependencies).filter((dependency) => dependency.startsWith('@ckx/'))) {
      folders.add(dirname(dirname(resolver.resolve(name))));
    }
    for (const file of (await readdir(join(folder, 'src'), { recursive: true })).sort()) {
      if (file.endsWith('.ts') && !file.endsWith('.test.ts')) hash.update(file).update(await readFile(join(folder, 'src', file)));
    }
  }
  hash.update(await readFile(join(PACKAGE, '../package-lock.json')));
  return hash.digest('hex').slice(0, 32);
}
