import { parseOptions, printJson } from '@ckx/command';
import { PaymentId, PaymentPage, PaymentState, PaymentView, SandboxReversalBody, UserId } from '@ckx/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { adminContextOf } from '../context.ts';
import { moment, print, table } from '../output.ts';

const Filter = z.object({ user: UserId.optional(), status: PaymentState.optional() });

export function addPaymentCommands(admin: Command): void {
  admin
    .command('payments')
    .description('payments of everybody, the newest first')
    .option('--user <id>', 'of this account alone')
    .option('--status <status>', PaymentState.options.join(', '))
    .action(async (options: object, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const { user, status } = parseOptions(Filter, options);
      const query = new URLSearchParams({ ...(user && { userId: user }), ...(status && { status }) });
      const page = await client.call(PaymentPage, `/admin/payments?${query.toString()}`);
      if (json) printJson(page);
      else if (page.payments.length === 0) print('No payments.');
      else print(table(['payment', 'account', 'pass', 'status', 'begun', 'problem'], page.payments.map(row)));
    });

  admin
    .command('sandbox')
    .description('in the sandbox, let a payment be refunded, disputed, and the dispute won or lost')
    .argument('<payment>', 'see: ckx admin payments')
    .argument('<what>', 'refund, dispute, win or lose')
    .requiredOption('--reason <sentence>', 'kept in the audit log')
    .action(async (named: string, what: string, options: { reason: string }, command: Command) => {
      const { client, json } = await adminContextOf(command);
      const id = parseOptions(PaymentId, named);
      const body = parseOptions(SandboxReversalBody, { what, reason: options.reason });
      const payment = await client.call(PaymentView, `/admin/payments/${id}/sandbox`, { method: 'POST', body });
      if (json) printJson(payment);
      else print(`Done (${what}). The payment follows in a moment: ckx admin payments`);
    });
}

function row({ paymentId, userEmail, passTypeId, status, sandbox, createdAt, problem }: PaymentView): string[] {
  return [paymentId, userEmail ?? '-', passTypeId, sandbox ? `${status} (sandbox)` : status, moment(createdAt), problem ?? ''];
}
