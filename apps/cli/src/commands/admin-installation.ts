import { parseOptions, printJson } from '@ckx/command';
import { AuditPage, DrainBody, HostId, HostView, Maintenance, MaintenanceBody, ReasonBody } from '@ckx/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import type { Client } from '../client.ts';
import { adminContextOf } from '../context.ts';
import { moment, print, table } from '../output.ts';

const REASON = '--reason <sentence>';
const REASON_HELP = 'kept in the audit log';
const Target = z.stringFormat('target', /^(session|host|user|pass|mail|installation)\/.+$/, {
  error: 'a target is session/<id>, host/<id>, user/<id>, pass/<id>, mail/<id> or installation/<what>',
});

/** Hosts, maintenance, and what administrators did. */
export function addInstallationCommands(admin: Command): void {
  admin
    .command('hosts')
    .description('every host: its state, what it has, what is taken of it')
    .action(async (_options: object, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const hosts = await client.call(z.array(HostView), '/admin/hosts');
      if (json) printJson(hosts);
      else if (hosts.length === 0) print('No host has registered.');
      else print(table(['host', 'state', 'environments', 'booting', 'CPU', 'memory (MiB)', 'engine', 'last seen'], hosts.map(hostRow)));
    });

  const hostCommand = (name: 'drain' | 'resume', description: string) =>
    admin.command(name).description(description).argument('<host>', 'see: ckx admin hosts').requiredOption(REASON, REASON_HELP);
  const call = async (name: 'drain' | 'resume', named: string, body: DrainBody | ReasonBody, command: Command) => {
    const { client, json } = await adminContextOf(command);
    const hostId = parseOptions(HostId, named);
    const host = await client.call(HostView, `/admin/hosts/${hostId}/${name}`, { method: 'POST', body });
    if (json) printJson(host);
    else print(`Host ${hostId} is ${host.state}${host.draining ? `; ${host.used.environments} environments are left on it` : ''}.`);
  };
  hostCommand('drain', 'no new sessions on a host; those it has run to their end')
    .option('--message <sentence>', 'tells the candidates who sit on it')
    .action((named: string, options: object, command: Command) => call('drain', named, parseOptions(DrainBody, options), command));
  hostCommand('resume', 'a host takes sessions again').action((named: string, options: object, command: Command) =>
    call('resume', named, parseOptions(ReasonBody, options), command),
  );

  admin
    .command('maintenance')
    .description('whether new sessions are refused; with on or off, sets it')
    .argument('[on|off]')
    .option('--message <sentence>', 'what candidates are told while it is on')
    .action(async (named: string | undefined, options: { message?: string }, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const maintenance =
        named === undefined ? await client.call(Maintenance, '/admin/maintenance') : await setMaintenance(client, named, options);
      if (json) printJson(maintenance);
      else print(maintenance.on ? `Maintenance is on: ${maintenance.message}` : 'Maintenance is off.');
    });

  admin
    .command('audit')
    .description('what administrators did, the newest first')
    .option(
      '--target <kind/id>',
      'only what was done to this: session/<id>, host/<id>, user/<id>, pass/<id>, mail/<id>, installation/maintenance',
    )
    .option('--before <number>', 'the next page: entries before this one')
    .option('--limit <number>', '1 to 200', '50')
    .action(async (options: { target?: string; before?: string; limit: string }, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const query = new URLSearchParams({ limit: options.limit });
      if (options.before !== undefined) query.set('before', options.before);
      if (options.target !== undefined) {
        const target = parseOptions(Target, options.target);
        query.set('targetKind', target.slice(0, target.indexOf('/')));
        query.set('targetId', target.slice(target.indexOf('/') + 1));
      }
      const page = await client.call(AuditPage, `/admin/audit?${query.toString()}`);
      if (json) printJson(page);
      else if (page.entries.length === 0) print('Nothing was done.');
      else {
        print(table(['number', 'at', 'who', 'from', 'what', 'to', 'why'], page.entries.map(auditRow)));
        if (page.next !== null) print(`More with: --before ${page.next}`);
      }
    });
}

function setMaintenance(client: Client, named: string, options: { message?: string }): Promise<Maintenance> {
  const on = parseOptions(z.enum(['on', 'off']), named) === 'on';
  return client.call(Maintenance, '/admin/maintenance', { method: 'PUT', body: parseOptions(MaintenanceBody, { on, ...options }) });
}

function hostRow({ hostId, state, capacity, used, engine, lastSeenAt, draining }: HostView): string[] {
  return [
    hostId,
    state === 'lost' && draining ? 'lost, draining' : state,
    String(used.environments),
    `${used.booting} of ${capacity.bootSlots}`,
    `${used.cpuMillis / 1000} of ${capacity.cpuMillis / 1000}`,
    `${used.memoryMib} of ${capacity.memoryMib}`,
    engine.thinWalls.length === 0 ? engine.version : `${engine.version}, thin walls`,
    moment(lastSeenAt),
  ];
}

function auditRow(entry: AuditPage['entries'][number]): string[] {
  const who = entry.actorEmail ?? 'an account that is gone';
  return [
    String(entry.id),
    moment(entry.at),
    who,
    entry.address ?? '-',
    entry.action,
    `${entry.targetKind}/${entry.targetId}`,
    entry.reason ?? '-',
  ];
}
