import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { testPostgres } from '@ckx/test-support/services';
import { insertUser } from '@ckx/test-support/records';
import { Client } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDataSource, inTransaction, mapDatabaseError, openDatabase, runMigrations, UserEntity } from './index.ts';

let url: string;
beforeAll(async () => {
  ({ url } = await testPostgres());
});

/** An empty database on the same server. */
async function emptyDatabase(): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${name}`);
  await client.end();
  const empty = new URL(url);
  empty.pathname = `/${name}`;
  return empty.href;
}

describe('runMigrations', () => {
  it('brings an empty database to the newest schema once, however many processes do so at once', async () => {
    const empty = await emptyDatabase();
    const lines: string[] = [];
    const runs = await Promise.all(Array.from({ length: 4 }, () => runMigrations(empty, (line) => lines.push(line))));
    expect(runs.filter((names) => names.length > 0)).toHaveLength(1);
    expect(lines).toEqual(runs.flat().map((name) => `migrated: ${name}`));
    expect(await runMigrations(empty)).toEqual([]);
  });

  it('leaves nothing that the entities know otherwise: every column of theirs is there, of the same type', async () => {
    const database = await openDatabase(url);
    for (const { tableName, columns } of database.entityMetadatas) {
      const rows: { column_name: string; data_type: string; is_nullable: string }[] = await database.query(
        'SELECT column_name, data_type, is_nullable FROM information_schema.columns WHERE table_name = $1',
        [tableName],
      );
      const inDatabase = rows.map((row) => [row.column_name, row.data_type, row.is_nullable === 'YES'] as const);
      const inEntity = columns.map((column) => [column.databaseName, database.driver.normalizeType(column), column.isNullable] as const);
      expect(inDatabase.toSorted(), tableName).toEqual(inEntity.toSorted());
    }
    await database.destroy();
  });

  it('is refused backwards', async () => {
    const database = await openDatabase(url);
    await expect(database.undoLastMigration()).rejects.toThrow(/forward only/);
    await database.destroy();
  });
});

describe('errors of the connection', () => {
  it('say that Postgres does not answer', async () => {
    await expect(openDatabase('postgres://nobody@127.0.0.1:1/none')).rejects.toMatchObject({
      kind: 'operational',
      code: 'DATABASE_UNAVAILABLE',
      remedy: expect.stringContaining('DATABASE_URL') as string,
    });
  });

  it('say that Postgres refuses', async () => {
    const unknown = new URL(url);
    unknown.pathname = '/no_such_database';
    await expect(openDatabase(unknown.href)).rejects.toMatchObject({ kind: 'user', code: 'DATABASE_REFUSED' });
    await expect(runMigrations(unknown.href)).rejects.toMatchObject({ kind: 'user', code: 'DATABASE_REFUSED' });
  });

  it('are told apart from refused statements, also when a connection breaks under a query', async () => {
    const database = await openDatabase(url);
    const broken = inTransaction(database, (manager) => manager.query('SELECT pg_terminate_backend(pg_backend_pid())'));
    await expect(broken).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    const refused: unknown = await database.query('SELECT nonsense').catch((error: unknown) => error);
    expect(mapDatabaseError(refused)).toBe(refused);
    await database.destroy();
  });
});

describe('inTransaction', () => {
  it('repeats the work of whoever lost a deadlock', async () => {
    const database = await openDatabase(url);
    const [a, b] = [await insertUser(database.manager), await insertUser(database.manager)];
    let runs = 0;
    const rename = (first: typeof a, second: typeof a) =>
      inTransaction(database, async (manager) => {
        runs += 1;
        await manager.update(UserEntity, first, { name: 'renamed' });
        await sleep(runs <= 2 ? 200 : 0);
        await manager.update(UserEntity, second, { name: 'renamed' });
      });
    await Promise.all([rename(a, b), rename(b, a)]);
    expect(runs).toBeGreaterThan(2);
    await database.destroy();
  });

  it('undoes everything when the work throws, and throws the same', async () => {
    const database = createDataSource(url);
    await database.initialize();
    const email = `${randomUUID()}@example.com`;
    const fault = new Error('no');
    const work = inTransaction(database, async (manager) => {
      await insertUser(manager, { email });
      throw fault;
    });
    await expect(work).rejects.toBe(fault);
    expect(await database.manager.existsBy(UserEntity, { email })).toBe(false);
    await database.destroy();
  });
});
