/** Once per run: the web application is built, and a browser is there. */
import { ensureBrowser } from '@ckx/toolchain';
import type { TestProject } from 'vitest/node';
import { ensureWeb } from '../../scripts/web/build.ts';

declare module 'vitest' {
  interface ProvidedContext {
    ckxWebDir: string;
    ckxBrowser: string;
  }
}

export async function setup(project: TestProject): Promise<void> {
  const say = (line: string) => console.log(line);
  project.provide('ckxBrowser', await ensureBrowser(say));
  project.provide('ckxWebDir', await ensureWeb(say));
}
