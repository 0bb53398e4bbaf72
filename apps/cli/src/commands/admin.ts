import { randomUUID } from 'node:crypto';
import { parseOptions, printJson } from '@ckx/command';
import { ExamSessionId, ExtendBody, PORT_KINDS, PortStats, TerminateBody } from '@ckx/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { contextOf } from '../context.ts';
import { print, table } from '../output.ts';

export function addAdminCommands(ckx: Command): void {
  const admin = ckx.command('admin').description('for administrators');

  admin
    .command('terminate')
    .description('end a session of anybody, without grading it')
    .argument('<id>', 'the session')
    .requiredOption('--reason <sentence>', 'its candidate reads it')
    .action(async (named: string, options: { reason: string }, command: Command) => {
      const { client, json } = await contextOf(command);
      const id = parseOptions(ExamSessionId, named);
      await client.call(z.unknown(), `/admin/sessions/${id}/terminate`, { method: 'POST', body: parseOptions(TerminateBody, options) });
      if (json) printJson({ examSessionId: id });
      else print(`Session ${id} ends.`);
    });

  admin
    .command('extend')
    .description('give a running session more time')
    .argument('<id>', 'the session')
    .requiredOption('--minutes <number>', '1 to 240')
    .requiredOption('--reason <sentence>', 'its candidate reads it')
    .action(async (named: string, options: { minutes: string; reason: string }, command: Command) => {
      const { client, json } = await contextOf(command);
      const id = parseOptions(ExamSessionId, named);
      const body = parseOptions(ExtendBody, { minutes: Number(options.minutes), reason: options.reason, id: randomUUID() });
      await client.call(z.unknown(), `/admin/sessions/${id}/extend`, { method: 'POST', body });
      if (json) printJson({ examSessionId: id, minutes: body.minutes });
      else print(`Session ${id} has ${body.minutes} min more.`);
    });

  admin
    .command('ports')
    .description('how many ports of each kind are taken')
    .action(async (_options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      const stats = await client.call(PortStats, '/admin/ports/stats');
      if (json) printJson(stats);
      else {
        const rows = PORT_KINDS.map((kind) => [kind, ...[stats[kind].allocated, stats[kind].available, stats[kind].total].map(String)]);
        print(table(['kind', 'allocated', 'available', 'total'], rows));
      }
    });
}
