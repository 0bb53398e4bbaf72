import type { Shape } from '../api/client.ts';
import { plural, type Catalogue } from '../i18n/texts.ts';

const statuses: Record<Shape<'CheckoutStatusView'>['status'], readonly [title: string, text: string]> = {
  open: ['Waiting for the payment', 'It was not heard of yet. This page looks again by itself; you may also leave it.'],
  paid: ['Your pass is there', 'Its time starts with the first full lab that you start, not before.'],
  failed: ['The payment failed', 'No money was taken. Try again, or with another card.'],
  expired: ['This checkout is over', 'It was not paid in time, and no money was taken.'],
  refunded: ['The payment was given back', 'The pass is not valid any more.'],
  disputed: ['The payment is disputed', 'The pass is not valid until that is settled.'],
  refused: ['The payment does not fit', 'What was paid is not the price. An administrator looks into it.'],
};

const en = {
  statuses,
  title: 'Prices',
  text: 'Free labs stay free. A pass opens every full lab for its time, and ends by itself: no subscription.',
  reason: 'The lab that you asked for needs a pass',
  ended: (moment: string) => `Your last pass ended ${moment}.`,
  reasonText: 'Choose one below, then start the lab.',
  price: (cents: number, currency: string) =>
    new Intl.NumberFormat('en', { style: 'currency', currency, minimumFractionDigits: cents % 100 === 0 ? 0 : 2 }).format(cents / 100),
  free: 'Free',
  hours: (hours: number) => (hours % 168 === 0 ? plural(hours / 168, 'week', 'weeks') : plural(hours, 'hour', 'hours')),
  noEnd: 'Without end',
  buy: (name: string) => `Buy ${name}`,
  buying: 'One moment …',
  toLabs: 'See the free labs',
  signIn: 'Sign in to buy',
  refused: 'The purchase could not begin',
  sandbox: 'This installation sells nothing: checkouts are made for trying out, and no money moves.',
  test: 'Payments are in test mode: no money moves.',
  none: 'Passes are not sold here. Your administrator gives them out.',
  starts: 'Time runs from the first full lab that you start. A second pass begins when the first one ends.',
  yours: 'Your passes',
  open: (until: string) => `Full labs are open to you until ${until}.`,
  waiting: (count: number) => `${plural(count, 'pass waits', 'passes wait')} for its first full lab.`,
  success: 'Your purchase',
  toFull: 'See the full labs',
  again: 'Back to the prices',
};

export const pricingTexts: Catalogue<typeof en> = { en };
