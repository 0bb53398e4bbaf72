import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { readPack, type PackReading } from '../src/index.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
export const TINY = join(fixtures, 'own/tiny-lab');
export const FOREIGN = join(fixtures, 'foreign');

/** A folder that is removed when the test is done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ckx-pack-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A copy of a fixture to spoil. */
export class SpoiledPack {
  readonly root: string;

  constructor(original: string) {
    this.root = join(temporaryFolder(), 'pack');
    cpSync(original, this.root, { recursive: true });
  }

  write(path: string, content: string | Buffer): this {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
    return this;
  }

  /** Replaces a text that must be there. */
  change(path: string, from: string, to: string): this {
    const content = readFileSync(join(this.root, path), 'utf8');
    if (!content.includes(from)) throw new Error(`${path} has no ${from}`);
    return this.write(path, content.replace(from, to));
  }

  remove(path: string): this {
    rmSync(join(this.root, path), { recursive: true });
    return this;
  }

  read(): PackReading {
    return readPack(this.root);
  }
}

/** Problems as a person reads them. */
export function lines(reading: Pick<PackReading, 'problems'>): readonly string[] {
  return reading.problems.map(({ level, place, message }) => `${level} ${place} ${message}`);
}
