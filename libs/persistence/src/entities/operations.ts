import type { BlobDigest, LabId, PackDigest, UserId } from '@ckx/contracts';
import { EntitySchema } from 'typeorm';

export interface SettingRow {
  name: string;
  /** By name; read it through a schema. */
  value: object;
  changedAt: Date;
  changedBy: UserId | null;
}

export const SettingEntity = new EntitySchema<SettingRow>({
  name: 'Setting',
  tableName: 'settings',
  columns: {
    name: { type: 'text', primary: true },
    value: { type: 'jsonb' },
    changedAt: { type: 'timestamptz', name: 'changed_at', default: () => 'now()' },
    changedBy: { type: 'uuid', name: 'changed_by', nullable: true },
  },
});

export interface AuditRow {
  id: number;
  at: Date;
  /** null where the account is gone, or nobody's deed. */
  actorId: UserId | null;
  action: string;
  targetKind: string;
  targetId: string;
  reason: string | null;
  /** From where, as the API saw it. */
  address: string | null;
  /** By action; nothing sensitive. */
  data: object;
}

export const AuditEntity = new EntitySchema<AuditRow>({
  name: 'Audit',
  tableName: 'audit_log',
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment' },
    at: { type: 'timestamptz', default: () => 'now()' },
    actorId: { type: 'uuid', name: 'actor_id', nullable: true },
    action: { type: 'text' },
    targetKind: { type: 'text', name: 'target_kind' },
    targetId: { type: 'text', name: 'target_id' },
    reason: { type: 'text', nullable: true },
    address: { type: 'text', nullable: true },
    data: { type: 'jsonb', default: () => "'{}'" },
  },
});

export interface BlobRow {
  /** SHA-256 of the content, `sha256:<hex>`. */
  digest: BlobDigest;
  mediaType: string;
  sizeBytes: number;
  content: Buffer;
  createdAt: Date;
  lastUsedAt: Date;
}

export const BlobEntity = new EntitySchema<BlobRow>({
  name: 'Blob',
  tableName: 'blobs',
  columns: {
    digest: { type: 'text', primary: true },
    mediaType: { type: 'text', name: 'media_type' },
    sizeBytes: { type: 'integer', name: 'size_bytes' },
    // Read only where it is asked for by name: a list of blobs must not drag their contents along.
    content: { type: 'bytea', select: false },
    createdAt: { type: 'timestamptz', name: 'created_at', default: () => 'now()' },
    lastUsedAt: { type: 'timestamptz', name: 'last_used_at', default: () => 'now()' },
  },
});

export interface LabPackRow {
  digest: PackDigest;
  labId: LabId;
  /** The pack as an archive, in `blobs`. */
  blobDigest: BlobDigest;
  uploadedBy: UserId | null;
  createdAt: Date;
}

export const LabPackEntity = new EntitySchema<LabPackRow>({
  name: 'LabPack',
  tableName: 'lab_packs',
  columns: {
    digest: { type: 'text', primary: true },
    labId: { type: 'text', name: 'lab_id' },
    blobDigest: { type: 'text', name: 'blob_digest' },
    uploadedBy: { type: 'uuid', name: 'uploaded_by', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at', default: () => 'now()' },
  },
});

export interface SweepReportRow {
  id: number;
  at: Date;
  dryRun: boolean;
  alert: string | null;
  /** SweepReport of libs/contracts. */
  report: object;
}

export const SweepReportEntity = new EntitySchema<SweepReportRow>({
  name: 'SweepReport',
  tableName: 'sweep_reports',
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment' },
    at: { type: 'timestamptz', default: () => 'now()' },
    dryRun: { type: 'boolean', name: 'dry_run' },
    alert: { type: 'text', nullable: true },
    report: { type: 'jsonb' },
  },
});
