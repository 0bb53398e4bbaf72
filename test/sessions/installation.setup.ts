import type { TestProject } from 'vitest/node';
import { resolve } from 'node:path';
import { startInstallation } from '@ckx/test-support/installation';

declare module 'vitest' {
  interface ProvidedContext {
    dataDir: string;
  }
}

const root = resolve(import.meta.dirname, '../..');

/** One installation for all session tests: `npm start` as a person would have it, with the labs of the tests beside ours. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const installation = await startInstallation({
    CKX_LABS: `${root}/labs:${root}/test/labs:${root}/test/labs/ck-x`,
    CKX_HOST_BOOT_SLOTS: '2',
    // Room for five sessions on whatever machine this is.
    CKX_HOST_CPU_MILLIS: '12500',
    CKX_HOST_MEMORY_MIB: '23040',
  });
  project.provide('dataDir', installation.dataDir);
  return () => installation.stop();
}
