import type { SandboxCheckout, SandboxDeed } from '@ckx/billing';

/** What a person may do on the page, and what the button says. */
const BUTTONS: readonly { readonly name: SandboxDeed | 'decline'; readonly label: string; readonly needs: SandboxDeed }[] = [
  { name: 'pay', label: 'Pay', needs: 'pay' },
  { name: 'decline', label: 'Pay with a card that is declined', needs: 'pay' },
  { name: 'pay_later', label: 'Pay by a method that takes its time', needs: 'pay_later' },
  { name: 'arrive', label: 'Let the payment arrive', needs: 'arrive' },
  { name: 'bounce', label: 'Let the payment fail', needs: 'bounce' },
  { name: 'expire', label: 'Let the checkout expire', needs: 'expire' },
];

const STATES: Readonly<Record<string, string>> = {
  open: 'Not paid.',
  expired: 'This checkout has expired.',
  paid: 'Paid.',
  underWay: 'The payment is on its way.',
  bounced: 'The payment failed.',
  refunded: 'Paid, and refunded.',
};

const STYLE = `
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff }
  .mark { background: #ffd54a; color: #000; padding: .75rem 1rem; font-weight: 700; border: 2px dashed #000 }
  .price { font-size: 2rem; margin: .5rem 0 }
  .notice { border-left: 4px solid #b00020; padding-left: .75rem }
  form { display: inline-block; margin: 0 .5rem .5rem 0 }
  button { font: inherit; padding: .5rem 1rem }
`;

export interface SandboxPage {
  readonly checkout: SandboxCheckout;
  readonly possible: readonly SandboxDeed[];
  readonly declined: boolean;
  /** Lets the page's own style be used, and no other. */
  readonly nonce: string;
}

/** The sandbox's page: no script, nothing from elsewhere, every value escaped. */
export function sandboxPage({ checkout, possible, declined, nonce }: SandboxPage): string {
  const buttons = BUTTONS.filter(({ needs }) => possible.includes(needs)).map(
    ({ name, label }) =>
      `<form method="post" action="/sandbox/checkout/${escape(checkout.id)}/${name}"><button type="submit">${escape(label)}</button></form>`,
  );
  const price = `${(checkout.amountCents / 100).toFixed(2)} ${checkout.currency.toUpperCase()}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Sandbox checkout</title>
<style nonce="${escape(nonce)}">${STYLE}</style>
</head>
<body>
<p class="mark">SANDBOX: this is not a real checkout. No money moves, no card is asked for.</p>
<main>
<h1>${escape(checkout.name)}</h1>
<p>${escape(checkout.description)}</p>
<p class="price">${escape(price)}</p>
${declined ? '<p class="notice" role="alert">The card was declined. Nothing was paid; try again.</p>' : ''}
<p role="status">${escape(STATES[stateOf(checkout)] ?? '')}</p>
${buttons.join('\n')}
<p><a href="${escape(checkout.paidAt === null ? checkout.cancelUrl : checkout.successUrl)}">${checkout.status === 'open' ? 'Cancel and go back' : 'Back to CKX'}</a></p>
</main>
</body>
</html>
`;
}

function stateOf({ status, paidAt, bouncedAt, refundedAt }: SandboxCheckout): keyof typeof STATES {
  if (refundedAt !== null) return 'refunded';
  if (paidAt !== null) return 'paid';
  if (status !== 'complete') return status;
  return bouncedAt === null ? 'underWay' : 'bounced';
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
