import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { jsonSchemas } from '../src/index.ts';
import { TINY } from './packs.ts';

const docs = join(import.meta.dirname, '../../../docs/labs');
const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe('the JSON schemas for editors', () => {
  it.each(['lab', 'question'] as const)('docs/labs/%s.schema.json is fresh: `node scripts/lab-schemas.ts` writes it', (name) => {
    expect(json(join(docs, `${name}.schema.json`))).toEqual(jsonSchemas()[name]);
  });

  it('say of every field what it is, and take what the reader takes', () => {
    const { lab, question } = z
      .record(z.string(), z.object({ properties: z.record(z.string(), z.unknown()), required: z.array(z.string()) }))
      .parse(jsonSchemas());
    for (const schema of [lab, question]) {
      for (const [field, about] of Object.entries(schema?.properties ?? {})) expect({ field, about }).toHaveProperty('about.description');
    }
    const written = z.record(z.string(), z.unknown()).parse(parse(readFileSync(join(TINY, 'lab.yaml'), 'utf8')));
    expect(lab?.required.filter((field) => !(field in written))).toEqual([]);
    // What has a default need not be written.
    expect(lab?.required).not.toContain('environment');
  });
});
