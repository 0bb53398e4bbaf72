/** Records in Postgres: entities, connection, migrations, transactions, errors. */
export { UserEntity, RefreshTokenEntity, type UserRow, type RefreshTokenRow } from './entities/users.ts';
export {
  HostEntity,
  EnvironmentEntity,
  PortAllocationEntity,
  RefusedAddressEntity,
  type HostRow,
  type EnvironmentRow,
  type PortAllocationRow,
  type RefusedAddressRow,
} from './entities/hosts.ts';
export {
  ExamSessionEntity,
  SessionEventEntity,
  ClockEntryEntity,
  type ExamSessionRow,
  type SessionEventRow,
  type ClockEntryRow,
} from './entities/sessions.ts';
export {
  ExamAttemptEntity,
  QuestionResultEntity,
  CheckResultEntity,
  type ExamAttemptRow,
  type QuestionResultRow,
  type CheckResultRow,
} from './entities/attempts.ts';
export {
  SettingEntity,
  AuditEntity,
  BlobEntity,
  LabPackEntity,
  SweepReportEntity,
  type SettingRow,
  type AuditRow,
  type BlobRow,
  type LabPackRow,
  type SweepReportRow,
} from './entities/operations.ts';
export { AccountTokenEntity, MailEntity, type AccountTokenKind, type AccountTokenRow, type MailRow } from './entities/mail.ts';
export {
  PassTypeEntity,
  PaymentEntity,
  AccessPassEntity,
  type PassTypeRow,
  type PaymentRow,
  type PaymentStatus,
  type AccessPassRow,
  type PassRevocation,
} from './entities/passes.ts';
export {
  QuestionHelpEntity,
  QuestionMarkEntity,
  RegradeEntity,
  type QuestionHelpRow,
  type QuestionMarkRow,
  type RegradeRow,
} from './entities/practice.ts';
export { createDataSource, openDatabase, runMigrations, type DataSourceSettings } from './data-source.ts';
export { inTransaction } from './transaction.ts';
export { deleteSessions } from './delete-sessions.ts';
export { isAccountGone, mapDatabaseError, violates, UNIQUE, type UniqueConstraint } from './errors.ts';
export type { DataSource, EntityManager } from 'typeorm';
