/** Begins with an empty folder of pictures, ends with a page of them all: bench/screens/index.html. */
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FOLDER, THEMES, WIDTHS } from './shoot.ts';

export async function setup(): Promise<void> {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
}

export async function teardown(): Promise<void> {
  const suffix = `-${WIDTHS[0]}-${THEMES[0]}.png`;
  const names = (await readdir(FOLDER)).filter((file) => file.endsWith(suffix)).map((file) => file.slice(0, -suffix.length));
  const picture = (name: string, width: number, theme: string) =>
    `<img loading="lazy" src="${name}-${width}-${theme}.png" alt="${name}, ${width} pixels, ${theme}">`;
  const row = (name: string) =>
    `<h2>${name}</h2><div>${WIDTHS.flatMap((width) => THEMES.map((theme) => picture(name, width, theme))).join('')}</div>`;
  const style =
    'body{font-family:sans-serif}div{display:flex;gap:1rem;overflow:auto;align-items:start}img{height:30rem;border:1px solid #ccc}';
  const page = `<!doctype html><meta charset="utf-8"><title>Screens</title><style>${style}</style>${names.sort().map(row).join('')}`;
  await writeFile(join(FOLDER, 'index.html'), page);
  console.log(`${names.length} states: ${join(FOLDER, 'index.html')}`);
}
