import { ATTEMPT_STATES, ENVIRONMENT_STATES, SESSION_STATES } from '@ckx/contracts';
import { SweepResult } from '@ckx/contracts/maintenance-workflow';
import { Gauge, type Registry } from 'prom-client';
import { MAIL_GAUGES, showMails } from './mails.ts';
import { PASS_GAUGES, showPasses } from './passes.ts';
import { SWEEP_ACTIONS, type Snapshot } from './snapshot.ts';

const MIB = 2 ** 20;
const PARTS = ['postgres', 'temporal', 'hosts'] as const;
export type Parts = Readonly<Record<(typeof PARTS)[number], boolean>>;

/** Numbers of the moment. Every copy of the API shows the same ones, because they are read from Postgres: never sum them over copies. */
export class Gauges {
  readonly #gauges = new Map<string, Gauge>();
  readonly #plain: Gauge[] = [];

  readonly #sendsMail: boolean;

  /** @param options `sendsMail`: whether mail can be sent at all; otherwise what is owed waits for nobody, and is not shown. */
  constructor(registry: Registry, { sendsMail }: { sendsMail: boolean }) {
    this.#sendsMail = sendsMail;
    const define = (name: string, help: string, ...labelNames: string[]): void => {
      const gauge = new Gauge({ name, help, labelNames, registers: [registry] });
      this.#gauges.set(name, gauge);
      if (labelNames.length === 0) this.#plain.push(gauge);
    };
    define('ckx_part_ready', 'Whether what a session needs answers this copy of the API: 1 or 0.', 'part');
    define('ckx_exam_sessions', 'Exam sessions by state.', 'state');
    define('ckx_queue_sessions', 'Sessions that wait for a place on a host.');
    define('ckx_queue_head_age_seconds', 'How long the session has waited whose turn is next; 0 where nobody waits.');
    define('ckx_deadline_overdue_seconds', 'How far the running session that is longest past its deadline is past it; 0 where none is.');
    define('ckx_relay_lag_seconds', 'Age of the oldest request that its workflow has not acted upon; 0 where there is none.');
    define('ckx_maintenance', 'Whether no new sessions are taken: 1 or 0.');
    define('ckx_attempts', 'Attempts by state.', 'state');
    define('ckx_attempts_provisional', 'Graded attempts whose score is provisional and waits for a regrade.');
    define('ckx_environments', 'Environments that are not destroyed, by host and state.', 'host', 'state');
    define('ckx_warm_pool_environments', 'Environments that belong to no session yet, by host and state.', 'host', 'state');
    define('ckx_hosts', 'Hosts by state.', 'state');
    define('ckx_host_last_seen_age_seconds', 'How long ago the host answered.', 'host');
    define('ckx_host_cpu_used_cores', 'CPU units that environments hold on the host, in cores.', 'host');
    define('ckx_host_cpu_capacity_cores', 'CPU units of the host, in cores.', 'host');
    define('ckx_host_memory_used_bytes', 'Memory units that environments hold on the host.', 'host');
    define('ckx_host_memory_capacity_bytes', 'Memory units of the host.', 'host');
    define('ckx_host_subnets_used', 'Networks of the host that environments hold.', 'host');
    define('ckx_host_subnets_capacity', 'Networks that the host has.', 'host');
    define('ckx_host_ports_used', 'Ports of the host that environments hold, by kind.', 'host', 'kind');
    define('ckx_host_ports_capacity', 'Ports that the host has, by kind.', 'host', 'kind');
    define('ckx_host_addresses_refused', 'Ports and networks of the host that its engine refused, set aside for a while.', 'host');
    define('ckx_sweep_last_run_timestamp_seconds', 'When the last sweep ended that was no dry run; 0 where there was none.');
    define('ckx_sweep_stopped', 'Whether the last sweep stopped rather than act on what it could not trust: 1 or 0.');
    define('ckx_sweep_last_actions', 'What the last sweep did, by kind and by what became of it.', 'kind', 'result');
    for (const [name, help, ...labels] of PASS_GAUGES) define(name, help, ...labels);
    for (const [name, help] of MAIL_GAUGES) define(name, help);
  }

  /** @param snapshot null where Postgres does not answer: then there are no samples, rather than old ones. */
  show(parts: Parts, snapshot: Snapshot | null): void {
    for (const gauge of this.#gauges.values()) gauge.reset();
    // One without labels shows 0 after a reset, which would be a lie.
    for (const gauge of this.#plain) gauge.remove();
    for (const part of PARTS) this.#set('ckx_part_ready', Number(parts[part]), { part });
    if (snapshot === null) return;
    for (const state of SESSION_STATES) this.#set('ckx_exam_sessions', snapshot.sessions[state] ?? 0, { state });
    for (const state of ATTEMPT_STATES) this.#set('ckx_attempts', snapshot.attempts[state] ?? 0, { state });
    this.#set('ckx_attempts_provisional', snapshot.provisionalAttempts);
    this.#set('ckx_queue_sessions', snapshot.queue.sessions);
    this.#set('ckx_queue_head_age_seconds', snapshot.queue.headAgeSeconds);
    this.#set('ckx_deadline_overdue_seconds', snapshot.overdueSeconds);
    this.#set('ckx_relay_lag_seconds', snapshot.relayLagSeconds);
    this.#set('ckx_maintenance', Number(snapshot.maintenance));
    this.#showHosts(snapshot.hosts);
    this.#showSweep(snapshot.sweep);
    showPasses(snapshot.access, (name, value, labels) => this.#set(name, value, labels));
    if (this.#sendsMail) showMails(snapshot.mails, (name, value) => this.#set(name, value));
  }

  #showHosts(hosts: Snapshot['hosts']): void {
    for (const state of ['active', 'draining', 'lost'] as const) {
      this.#set('ckx_hosts', hosts.filter((host) => host.state === state).length, { state });
    }
    for (const { id: host, ...facts } of hosts) {
      this.#set('ckx_host_last_seen_age_seconds', facts.lastSeenAgeSeconds, { host });
      this.#set('ckx_host_cpu_used_cores', facts.cpuMillis.used / 1000, { host });
      this.#set('ckx_host_cpu_capacity_cores', facts.cpuMillis.capacity / 1000, { host });
      this.#set('ckx_host_memory_used_bytes', facts.memoryMib.used * MIB, { host });
      this.#set('ckx_host_memory_capacity_bytes', facts.memoryMib.capacity * MIB, { host });
      this.#set('ckx_host_subnets_used', facts.subnets.used, { host });
      this.#set('ckx_host_subnets_capacity', facts.subnets.capacity, { host });
      this.#set('ckx_host_addresses_refused', facts.refusedAddresses, { host });
      for (const { kind, used, capacity } of facts.ports) {
        this.#set('ckx_host_ports_used', used, { host, kind });
        this.#set('ckx_host_ports_capacity', capacity, { host, kind });
      }
      for (const state of ENVIRONMENT_STATES) {
        if (state !== 'destroyed') this.#set('ckx_environments', facts.environments[state] ?? 0, { host, state });
        if (state === 'provisioning' || state === 'ready') this.#set('ckx_warm_pool_environments', facts.warm[state] ?? 0, { host, state });
      }
    }
  }

  #showSweep(sweep: Snapshot['sweep']): void {
    this.#set('ckx_sweep_last_run_timestamp_seconds', sweep?.atSeconds ?? 0);
    this.#set('ckx_sweep_stopped', Number(sweep?.alert ?? false));
    for (const kind of SWEEP_ACTIONS) {
      for (const result of SweepResult.options) {
        const found = sweep?.actions.find((action) => action.kind === kind && action.result === result);
        this.#set('ckx_sweep_last_actions', found?.count ?? 0, { kind, result });
      }
    }
  }

  #set(name: string, value: number, labels: Record<string, string> = {}): void {
    this.#gauges.get(name)?.set(labels, value);
  }
}
