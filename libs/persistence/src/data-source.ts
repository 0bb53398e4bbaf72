import { fileURLToPath } from 'node:url';
import { DataSource } from 'typeorm';
import { ExamAttemptEntity, CheckResultEntity, QuestionResultEntity } from './entities/attempts.ts';
import { EnvironmentEntity, HostEntity, PortAllocationEntity, RefusedAddressEntity } from './entities/hosts.ts';
import { AccountTokenEntity, MailEntity } from './entities/mail.ts';
import { AuditEntity, BlobEntity, LabPackEntity, SettingEntity, SweepReportEntity } from './entities/operations.ts';
import { AccessPassEntity, PassTypeEntity, PaymentEntity } from './entities/passes.ts';
import { QuestionHelpEntity, QuestionMarkEntity, RegradeEntity } from './entities/practice.ts';
import { ClockEntryEntity, ExamSessionEntity, SessionEventEntity } from './entities/sessions.ts';
import { RefreshTokenEntity, UserEntity } from './entities/users.ts';
import { mapDatabaseError } from './errors.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../migrations/*.ts', import.meta.url));
const CONNECT_TIMEOUT_MS = 5_000;
/** Any constant that nothing else in this database locks by. */
const MIGRATION_LOCK = 4_211_973;

export interface DataSourceSettings {
  /** Most connections this process holds at once. @default 10 */
  readonly poolSize?: number;
  /** Shown by Postgres in pg_stat_activity. @default ckx */
  readonly applicationName?: string;
}

/**
 * A data source, not connected yet. Columns of type bigint are read as numbers (none of ours passes 2^53), timestamptz as Date;
 * the schema is only ever changed by migrations.
 */
export function createDataSource(url: string, settings: DataSourceSettings = {}): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities: [
      UserEntity,
      RefreshTokenEntity,
      HostEntity,
      ExamSessionEntity,
      EnvironmentEntity,
      PortAllocationEntity,
      RefusedAddressEntity,
      SessionEventEntity,
      ClockEntryEntity,
      ExamAttemptEntity,
      QuestionResultEntity,
      CheckResultEntity,
      SettingEntity,
      AuditEntity,
      BlobEntity,
      LabPackEntity,
      SweepReportEntity,
      AccountTokenEntity,
      MailEntity,
      PassTypeEntity,
      PaymentEntity,
      AccessPassEntity,
      QuestionMarkEntity,
      QuestionHelpEntity,
      RegradeEntity,
    ],
    migrations: [MIGRATIONS],
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    parseInt8: true,
    poolSize: settings.poolSize ?? 10,
    applicationName: settings.applicationName ?? 'ckx',
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
  });
}

/**
 * A connected data source. The caller ends it with `destroy()`.
 *
 * @throws CkxError `DATABASE_UNAVAILABLE` (operational) or `DATABASE_REFUSED` (user).
 */
export async function openDatabase(url: string, settings: DataSourceSettings = {}): Promise<DataSource> {
  try {
    return await createDataSource(url, settings).initialize();
  } catch (error) {
    throw mapDatabaseError(error);
  }
}

/**
 * Brings a database to the newest schema. Any number of processes may do so at once: one works, the others wait for it and find
 * nothing left to do.
 *
 * @returns the names of the migrations that this call ran.
 * @throws CkxError as `openDatabase`.
 */
export async function runMigrations(url: string, log: (line: string) => void = () => {}): Promise<readonly string[]> {
  // Two connections: the lock's, and the one on which migrations run.
  const dataSource = await openDatabase(url, { poolSize: 2, applicationName: 'ckx-migrate' });
  try {
    const lock = dataSource.createQueryRunner();
    try {
      await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
      const done = await dataSource.runMigrations();
      for (const migration of done) log(`migrated: ${migration.name}`);
      return done.map((migration) => migration.name);
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw mapDatabaseError(error);
  } finally {
    // Ends the lock's connection, and with it the lock, whatever happened.
    await dataSource.destroy();
  }
}
