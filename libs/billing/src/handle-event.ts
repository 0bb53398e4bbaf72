import type { DataSource } from '@ckx/persistence';
import { type BillingEvent, subjectOf } from './event.ts';
import { type OwnPayment, paymentOf, paymentOfIntent } from './payments.ts';
import type { PaymentProvider } from './provider.ts';
import { messageOfCheckout, messageOfDispute, messageOfRefund, type PassMessage } from './rules.ts';

export interface EventParts {
  readonly dataSource: DataSource;
  readonly provider: PaymentProvider;
  /** Returns when Temporal has the message; whatever it throws, the event was not taken. */
  readonly tell: (payment: OwnPayment, message: PassMessage) => Promise<void>;
}

export type Refusal = 'not_ours' | 'other_account' | 'other_mode' | 'no_object';

export type Outcome =
  | { readonly kind: 'told'; readonly payment: OwnPayment; readonly message: PassMessage }
  | { readonly kind: 'ignored' }
  | { readonly kind: 'refused'; readonly why: Refusal };

/** Looks at what an event is about, and tells the pass that follows from it. Nothing is written for one that is refused. */
export async function handleEvent(event: BillingEvent, parts: EventParts): Promise<Outcome> {
  const subject = subjectOf(event, parts.provider);
  switch (subject.kind) {
    case 'ignored':
    case 'refused':
      return subject;
    case 'checkout': {
      const checkout = await parts.provider.retrieveCheckout(subject.id);
      if (checkout === null) return { kind: 'refused', why: 'not_ours' };
      return conclude(parts, await paymentOf(parts.dataSource, checkout, parts.provider), messageOfCheckout(checkout, event));
    }
    case 'charge': {
      const charge = await parts.provider.retrieveCharge(subject.id);
      if (charge === null) return { kind: 'refused', why: 'not_ours' };
      return conclude(parts, await intentPayment(parts, charge.paymentIntentId), messageOfRefund(charge, event));
    }
    case 'dispute': {
      const dispute = await parts.provider.retrieveDispute(subject.id);
      if (dispute === null) return { kind: 'refused', why: 'not_ours' };
      return conclude(parts, await intentPayment(parts, dispute.charge.paymentIntentId), messageOfDispute(dispute, event));
    }
  }
}

function intentPayment({ dataSource, provider }: EventParts, paymentIntentId: string | null): Promise<OwnPayment | null> {
  return paymentOfIntent(dataSource, paymentIntentId, provider);
}

async function conclude({ tell }: EventParts, payment: OwnPayment | null, message: PassMessage | null): Promise<Outcome> {
  if (payment === null) return { kind: 'refused', why: 'not_ours' };
  if (message === null) return { kind: 'ignored' };
  await tell(payment, message);
  return { kind: 'told', payment, message };
}
