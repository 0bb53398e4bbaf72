import { type PaymentProvider, reconcile, tellPass } from '@ckx/billing';
import type { DataSource } from '@ckx/persistence';
import { log } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { attended } from '../attended.ts';
import type { BillingActivities } from './interface.ts';

export interface BillingDependencies {
  readonly dataSource: DataSource;
  readonly client: Client;
  readonly provider: PaymentProvider;
}

/** Tells passes of payments that no webhook told of: it never came, or the API was away for longer than Stripe tries. */
export function createBillingActivities({ dataSource, client, provider }: BillingDependencies): BillingActivities {
  return {
    reconcilePayments: ({ since }) =>
      attended(async ({ signal, onProgress }) => {
        let looked = 0;
        const report = await reconcile({
          dataSource,
          provider,
          since,
          tell: (payment, message) => tellPass(client, payment, message),
          onLooked: () => {
            signal.throwIfAborted();
            onProgress({ looked: (looked += 1) });
          },
        });
        if (report.told.length > 0) log.warn('payments that no webhook told of: their passes were told', { ...report });
        if (report.strangers > 0) log.warn('paid checkouts that are none of ours', { strangers: report.strangers });
        return report;
      }),
  };
}
