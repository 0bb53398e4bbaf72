/** `npm run screens`: every page and state of the web application in a real browser, three widths, light and dark, in bench/screens. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const child = spawn('vitest', ['run', '--project', 'screens', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
child.on('exit', (code) => process.exit(code ?? 1));
