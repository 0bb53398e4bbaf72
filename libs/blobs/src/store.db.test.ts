import { BlobEntity, openDatabase, type DataSource } from '@ckx/persistence';
import { testPostgres } from '@ckx/test-support/services';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { BLOB_LIMIT_BYTES, digestOf } from './index.ts';
import { describeBlob, putBlob, readBlob } from './store.ts';

let dataSource: DataSource;
beforeAll(async () => {
  dataSource = await openDatabase((await testPostgres()).url);
});
afterAll(() => dataSource.destroy());

it('keeps a content once, byte for byte, with the media type it first came with', async () => {
  const content = Buffer.from([0, 255, 10, 13, 128]);
  const digests = await Promise.all(
    Array.from({ length: 8 }, () => putBlob(dataSource.manager, { mediaType: 'application/gzip', content })),
  );
  expect(new Set(digests)).toEqual(new Set([digestOf(content)]));
  await putBlob(dataSource.manager, { mediaType: 'text/plain', content });
  expect(await readBlob(dataSource.manager, digestOf(content))).toEqual({ mediaType: 'application/gzip', content });
  expect(await describeBlob(dataSource.manager, digestOf(content))).toEqual({ mediaType: 'application/gzip', sizeBytes: 5 });
  expect(await dataSource.manager.count(BlobEntity)).toBe(1);
});

it('knows nothing of what nobody kept', async () => {
  const digest = digestOf(Buffer.from('nobody'));
  expect(await readBlob(dataSource.manager, digest)).toBeNull();
  expect(await describeBlob(dataSource.manager, digest)).toBeNull();
});

it('marks what is kept again or read as used', async () => {
  const content = Buffer.from('used');
  const digest = await putBlob(dataSource.manager, { mediaType: 'text/plain', content });
  const longAgo = new Date(2000, 0);
  const lastUsed = async () => (await dataSource.manager.findOneByOrFail(BlobEntity, { digest })).lastUsedAt.getFullYear();
  for (const use of [() => readBlob(dataSource.manager, digest), () => putBlob(dataSource.manager, { mediaType: '', content })]) {
    await dataSource.manager.update(BlobEntity, { digest }, { lastUsedAt: longAgo });
    expect(await lastUsed()).toBe(2000);
    await use();
    expect(await lastUsed()).toBeGreaterThan(2000);
  }
});

it('keeps the largest that is allowed, and nothing larger', async () => {
  const largest = Buffer.alloc(BLOB_LIMIT_BYTES, 1);
  const digest = await putBlob(dataSource.manager, { mediaType: 'application/octet-stream', content: largest });
  expect((await readBlob(dataSource.manager, digest))?.content.equals(largest)).toBe(true);
  await expect(putBlob(dataSource.manager, { mediaType: '', content: Buffer.alloc(BLOB_LIMIT_BYTES + 1) })).rejects.toMatchObject({
    code: 'BLOB_TOO_LARGE',
  });
});
