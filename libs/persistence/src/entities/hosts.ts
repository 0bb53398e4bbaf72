import type {
  EnvironmentFacts,
  EnvironmentSpec,
  EnvironmentState,
  ExamSessionId,
  ExecutionEnvironmentId,
  HostFacts,
  HostId,
  PortKind,
} from '@ckx/contracts';
import { EntitySchema } from 'typeorm';

export interface HostRow {
  id: HostId;
  /** Where the host's published ports are reached. */
  address: string;
  state: 'active' | 'draining' | 'lost';
  cpuMillis: number;
  memoryMib: number;
  bootSlots: number;
  portRanges: HostFacts['portRanges'];
  /** CIDR notation; each environment gets a /26 of it. */
  subnetPool: string;
  engine: HostFacts['engine'];
  /** Set while an administrator has it drained; outlives that the host is lost. */
  drainRequestedAt: Date | null;
  registeredAt: Date;
  lastSeenAt: Date;
}

export const HostEntity = new EntitySchema<HostRow>({
  name: 'Host',
  tableName: 'hosts',
  columns: {
    id: { type: 'text', primary: true },
    address: { type: 'text' },
    state: { type: 'text', default: 'active' },
    cpuMillis: { type: 'integer', name: 'cpu_millis' },
    memoryMib: { type: 'integer', name: 'memory_mib' },
    bootSlots: { type: 'integer', name: 'boot_slots' },
    portRanges: { type: 'jsonb', name: 'port_ranges' },
    subnetPool: { type: 'cidr', name: 'subnet_pool' },
    engine: { type: 'jsonb' },
    drainRequestedAt: { type: 'timestamptz', name: 'drain_requested_at', nullable: true },
    registeredAt: { type: 'timestamptz', name: 'registered_at', default: () => 'now()' },
    lastSeenAt: { type: 'timestamptz', name: 'last_seen_at', default: () => 'now()' },
  },
});

export interface EnvironmentRow {
  id: ExecutionEnvironmentId;
  /** null while it belongs to no session yet. */
  examSessionId: ExamSessionId | null;
  hostId: HostId;
  state: EnvironmentState;
  /** A /26, CIDR notation. */
  subnet: string;
  cpuMillis: number;
  memoryMib: number;
  spec: EnvironmentSpec;
  facts: EnvironmentFacts | null;
  createdAt: Date;
  readyAt: Date | null;
  /** Set together with the state `destroyed`. */
  destroyedAt: Date | null;
}

export const EnvironmentEntity = new EntitySchema<EnvironmentRow>({
  name: 'Environment',
  tableName: 'environments',
  columns: {
    id: { type: 'uuid', primary: true },
    examSessionId: { type: 'uuid', name: 'exam_session_id', nullable: true },
    hostId: { type: 'text', name: 'host_id' },
    state: { type: 'text', default: 'provisioning' },
    subnet: { type: 'cidr' },
    cpuMillis: { type: 'integer', name: 'cpu_millis' },
    memoryMib: { type: 'integer', name: 'memory_mib' },
    spec: { type: 'jsonb' },
    facts: { type: 'jsonb', nullable: true },
    createdAt: { type: 'timestamptz', name: 'created_at', default: () => 'now()' },
    readyAt: { type: 'timestamptz', name: 'ready_at', nullable: true },
    destroyedAt: { type: 'timestamptz', name: 'destroyed_at', nullable: true },
  },
});

export interface PortAllocationRow {
  hostId: HostId;
  port: number;
  kind: PortKind;
  environmentId: ExecutionEnvironmentId;
  allocatedAt: Date;
}

export const PortAllocationEntity = new EntitySchema<PortAllocationRow>({
  name: 'PortAllocation',
  tableName: 'port_allocations',
  columns: {
    hostId: { type: 'text', name: 'host_id', primary: true },
    port: { type: 'integer', primary: true },
    kind: { type: 'text' },
    environmentId: { type: 'uuid', name: 'environment_id' },
    allocatedAt: { type: 'timestamptz', name: 'allocated_at', default: () => 'now()' },
  },
});

export interface RefusedAddressRow {
  hostId: HostId;
  /** A port, or a network in CIDR notation. */
  address: string;
  until: Date;
}

/** What an engine refused though nobody of ours has it. */
export const RefusedAddressEntity = new EntitySchema<RefusedAddressRow>({
  name: 'RefusedAddress',
  tableName: 'refused_addresses',
  columns: {
    hostId: { type: 'text', name: 'host_id', primary: true },
    address: { type: 'text', primary: true },
    until: { type: 'timestamptz' },
  },
});
