/** `npm run screens`: every page and state of the web application in a real browser, three widths, light and dark, in bench/screens. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { ensureEngine, ensureImages, imageVariables } from '@ckx/toolchain';

const root = resolve(import.meta.dirname, '..');
const log = (line: string) => console.log(line);
// The exam room is shown with a real terminal.
const engine = await ensureEngine({ log });
try {
  const images = await ensureImages({ log, dockerHost: engine.dockerHost });
  const env = { ...process.env, DOCKER_HOST: engine.dockerHost, ...imageVariables(images) };
  const child = spawn('vitest', ['run', '--project', 'screens', ...process.argv.slice(2)], { cwd: root, env, stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
} finally {
  await engine.release();
}
