/** Writes the JSON schemas of lab packs, with which an editor completes and checks lab.yaml and question.yaml. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonSchemas } from '@ckx/lab-packs';

for (const [name, schema] of Object.entries(jsonSchemas())) {
  const file = join(import.meta.dirname, `../docs/labs/${name}.schema.json`);
  writeFileSync(file, `${JSON.stringify(schema, null, 2)}\n`);
}
