import { randomUUID } from 'node:crypto';
import { parseOptions, printJson } from '@ckx/command';
import { ExamSessionId, ExtendBody, PORT_KINDS, PortStats, ReasonBody, SessionStatus, TerminateBody } from '@ckx/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { adminContextOf } from '../context.ts';
import { print, table } from '../output.ts';
import { addPaymentCommands } from './admin-payments.ts';
import { addInstallationCommands } from './admin-installation.ts';
import { addAdminPassCommands } from './admin-passes.ts';
import { addUserCommands } from './account-admin.ts';

const REASON = '--reason <sentence>';
const TIME = {
  extend: { description: 'give a running session more time', done: (minutes: number) => `has ${minutes} min more` },
  credit: {
    description: 'give back time that was lost by a fault of ours; counts up to 15 min of a session',
    done: (minutes: number) => `is credited ${minutes} min`,
  },
} as const;

export function addAdminCommands(ckx: Command): void {
  const admin = ckx.command('admin').description('for administrators; every deed is in the audit log');

  admin
    .command('terminate')
    .description('end a session of anybody, without grading it')
    .argument('<id>', 'the session')
    .requiredOption(REASON, 'its candidate reads it')
    .action(async (named: string, options: { reason: string }, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const id = parseOptions(ExamSessionId, named);
      await client.call(z.unknown(), `/admin/sessions/${id}/terminate`, { method: 'POST', body: parseOptions(TerminateBody, options) });
      if (json) printJson({ examSessionId: id });
      else print(`Session ${id} ends.`);
    });

  for (const name of ['extend', 'credit'] as const) {
    admin
      .command(name)
      .description(TIME[name].description)
      .argument('<id>', 'the session')
      .requiredOption('--minutes <number>', '1 to 240')
      .requiredOption(REASON, 'its candidate reads it')
      .action(async (named: string, options: { minutes: string; reason: string }, command: Command) => {
        const { client, json } = await adminContextOf(command);
        const id = parseOptions(ExamSessionId, named);
        const body = parseOptions(ExtendBody, { minutes: Number(options.minutes), reason: options.reason, id: randomUUID() });
        await client.call(z.unknown(), `/admin/sessions/${id}/${name}`, { method: 'POST', body });
        if (json) printJson({ examSessionId: id, minutes: body.minutes });
        else print(`Session ${id} ${TIME[name].done(body.minutes)}.`);
      });
  }

  admin
    .command('void')
    .description("make a session's attempt void, which gives quota and pass time back; one that is open ends")
    .argument('<id>', 'the session')
    .requiredOption(REASON, 'kept in the audit log')
    .action(async (named: string, options: { reason: string }, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const id = parseOptions(ExamSessionId, named);
      const call = { method: 'POST', body: parseOptions(ReasonBody, options) } as const;
      const status = await client.call(SessionStatus, `/admin/sessions/${id}/void`, call);
      if (json) printJson(status);
      else print(status.attempt === 'void' ? `The attempt of session ${id} is void.` : `Session ${id} ends, and its attempt will be void.`);
    });

  admin
    .command('ports')
    .description('how many ports of each kind are taken')
    .action(async (_options: object, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const stats = await client.call(PortStats, '/admin/ports/stats');
      if (json) printJson(stats);
      else {
        const rows = PORT_KINDS.map((kind) => [kind, ...[stats[kind].allocated, stats[kind].available, stats[kind].total].map(String)]);
        print(table(['kind', 'allocated', 'available', 'total'], rows));
      }
    });

  addUserCommands(admin);
  addAdminPassCommands(admin);
  addInstallationCommands(admin);
  addPaymentCommands(admin);
}
