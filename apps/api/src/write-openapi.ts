/** `write-openapi <file>` writes the OpenAPI document; it needs no service, as nothing is asked of any. */
import { ApiConfig, readConfig } from '@ckx/config';
import { createCatalog } from '@ckx/lab-packs';
import { createLogger } from '@ckx/logging';
import { createDataSource } from '@ckx/persistence';
import { writeFile } from 'node:fs/promises';
import { createApp } from './app.ts';
import { openApiDocument } from './openapi.ts';

/** The document, as the file holds it. */
export async function openApiText(): Promise<string> {
  const config = readConfig(ApiConfig, {
    DATABASE_URL: 'postgres://nobody@127.0.0.1/nothing',
    CKX_LABS: ':',
    JWT_SECRET: 'only for a document, signs nothing',
  });
  const dataSource = createDataSource(config.DATABASE_URL);
  const app = await createApp({ config, dataSource, catalog: createCatalog([]), logger: createLogger('openapi', 'silent') });
  try {
    return `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
  } finally {
    await app.close();
  }
}

if (import.meta.main) {
  const [file] = process.argv.slice(2);
  if (file === undefined) throw new Error('Usage: write-openapi <file>');
  await writeFile(file, await openApiText());
}
