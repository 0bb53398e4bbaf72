import { setTimeout as sleep } from 'node:timers/promises';
import { parseOptions, printJson } from '@ckx/command';
import { CheckoutBody, CheckoutStatusView, CheckoutView, CkxError, isCkxError, PlansView } from '@ckx/contracts';
import type { Command } from 'commander';
import type { Client } from '../client.ts';
import { contextOf, untilInterrupted } from '../context.ts';
import { print, say, table } from '../output.ts';

const LOOK_EVERY_MS = 1_500;

export function addBuyCommands(ckx: Command): void {
  ckx
    .command('plans')
    .description('what there is to be had, and what it costs')
    .action(async (_options: object, command: Command) => {
      const { client, json } = await contextOf(command);
      const view = await client.callAsAnybody(PlansView, '/billing/plans');
      if (json) printJson(view);
      else {
        const rows = view.plans.map(({ id, name, priceCents, description }) => [id, name, price(priceCents, 'usd'), description]);
        print(table(['plan', 'name', 'price', ''], rows));
      }
    });

  ckx
    .command('buy')
    .description('buy an access pass: says where it is paid, and waits until it is')
    .argument('<pass>', 'see: ckx plans')
    .option('--no-wait', 'say where it is paid, and leave it there')
    .action(async (pass: string, options: { wait: boolean }, command: Command) => {
      const { client, json } = await contextOf(command);
      const body = parseOptions(CheckoutBody, { passTypeId: pass });
      const checkout = await client.call(CheckoutView, '/billing/checkout', { method: 'POST', body });
      const { sandbox, url, priceCents, currency } = checkout;
      const lines = [`Pay ${price(priceCents, currency)} at:`, `  ${url}`];
      if (sandbox) lines.push('This is the sandbox: no money moves.');
      if (!options.wait) {
        if (json) printJson(checkout);
        else print(lines.join('\n'));
        return;
      }
      lines.forEach(say);
      const status = await untilPaid(client, checkout, untilInterrupted());
      if (json) printJson({ ...status, url });
      else print(`Paid: the pass ${status.passTypeId} is yours. Its time starts when you activate it, or with your first full lab.`);
    });
}

/** @throws CkxError `PAYMENT_FAILED`, `PAYMENT_REFUSED`, `ABORTED`. */
async function untilPaid(client: Client, { checkoutSessionId, url }: CheckoutView, signal: AbortSignal): Promise<CheckoutStatusView> {
  while (!signal.aborted) {
    const status = await look(client, checkoutSessionId);
    if (status?.pass != null) return status;
    if (status !== null && status.status !== 'open' && status.status !== 'paid') throw notPaid(status.status);
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
  throw new CkxError('user', 'ABORTED', 'Stopped waiting; the checkout stays open for a day.', { remedy: `Pay at ${url}` });
}

/** @returns null while the installation does not answer. */
async function look(client: Client, checkoutSessionId: string): Promise<CheckoutStatusView | null> {
  try {
    return await client.call(CheckoutStatusView, `/billing/checkout/${encodeURIComponent(checkoutSessionId)}`);
  } catch (error) {
    if (isCkxError(error) && error.kind === 'operational') return null;
    throw error;
  }
}

function notPaid(status: CheckoutStatusView['status']): CkxError {
  if (status === 'refused') {
    return new CkxError('user', 'PAYMENT_REFUSED', 'What was paid is not the price of the pass, so there is none.', {
      remedy: 'Whoever runs this installation has been told; ask them for your money.',
    });
  }
  return new CkxError('user', 'PAYMENT_FAILED', `The payment came to nothing: ${status}.`, { remedy: 'Try again with: ckx buy' });
}

function price(cents: number, currency: string): string {
  return `${(cents / 100).toFixed(2)} ${currency.toUpperCase()}`;
}
