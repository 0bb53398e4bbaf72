import type { PlanView } from '@ckx/contracts';
import type { PassTypeRow } from '@ckx/persistence';

/** In the order in which they are named; what is not here is not told of. */
const FEATURES: Readonly<Record<string, string>> = {
  full_access: 'All full labs',
  instant_feedback: 'Results with feedback at once',
  unlimited_retakes: 'Unlimited retakes while it is valid',
  priority_support: 'Priority support',
};

/** Mock labs, for whoever has an account. */
export const FREE_TRIAL: PlanView = {
  id: 'free_trial',
  name: 'Free Trial',
  description: 'Mock labs with results and feedback. Needs an account and no card.',
  priceCents: 0,
  currency: 'usd',
  durationHours: null,
  needsPayment: false,
  features: ['Mock labs', 'Results with feedback at once'],
};

/** What is sold: `description` is also what Stripe shows beside the price. */
export function planOf({ id, name, priceCents, durationHours, features }: PassTypeRow): PlanView {
  return {
    id,
    name,
    description: `All full labs for ${spanOf(durationHours)} from activation. Paid once; nothing renews.`,
    priceCents,
    currency: 'usd',
    durationHours,
    needsPayment: true,
    features: Object.entries(FEATURES).flatMap(([feature, text]) => (features[feature] === true ? [text] : [])),
  };
}

function spanOf(hours: number): string {
  return hours % 24 === 0 && hours > 48 ? `${hours / 24} days` : `${hours} hours`;
}
