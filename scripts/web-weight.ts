/** `node scripts/web-weight.ts`: how much a browser loads for a first visit, and what each page adds. */
import { join } from 'node:path';
import { ensureWeb } from './web/build.ts';
import { webWeights, type Weights } from './web/weight.ts';

const webDir = await ensureWeb((line) => console.error(line));
const { first, pages } = await webWeights(webDir);
const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`.padStart(10);
const line = (name: string, { script, style }: Weights) =>
  console.log(`${name.padEnd(34)}${kilobytes(script.brotli)}${kilobytes(script.gzip)}${kilobytes(script.plain)}${kilobytes(style.brotli)}`);

console.log(`${'what is loaded'.padEnd(34)}${['script br', 'gzip', 'plain', 'style br'].map((head) => head.padStart(10)).join('')}`);
line('first visit (landing page)', first);
for (const [page, weights] of pages) line(`  + ${page.replace(/^src\//, '')}`, weights);
console.log(join(webDir, 'index.html'));
