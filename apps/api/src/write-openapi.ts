/** Writes the OpenAPI document to the file named first; needs no service, as nothing is asked. */
import { ApiConfig, readConfig } from '@ckx/config';
import { createCatalog } from '@ckx/lab-packs';
import { createLogger } from '@ckx/logging';
import { createDataSource } from '@ckx/persistence';
import { writeFile } from 'node:fs/promises';
import { createApp } from './app.ts';
import { openApiDocument } from './openapi.ts';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Usage: write-openapi <file>');
const config = readConfig(ApiConfig, {
  DATABASE_URL: 'postgres://nobody@127.0.0.1/nothing',
  CKX_LABS: ':',
  JWT_SECRET: 'only for a document, signs nothing',
});
const app = await createApp({
  config,
  dataSource: createDataSource(config.DATABASE_URL),
  catalog: createCatalog([]),
  logger: createLogger('openapi', 'silent'),
});
await writeFile(file, `${JSON.stringify(openApiDocument(app), null, 2)}\n`);
await app.close();
