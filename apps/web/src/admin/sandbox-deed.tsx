import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api, type Shape } from '../api/client.ts';
import { useTexts } from '../i18n/texts.ts';
import { Deed } from './deed.tsx';
import { adminTexts } from './texts.ts';

type Payment = Shape<'PaymentView'>;
type What = Shape<'SandboxReversalBody'>['what'];

/** What can happen to a payment next, as Stripe would tell of it. */
const NEXT: Readonly<Partial<Record<Payment['status'], readonly What[]>>> = { paid: ['refund', 'dispute'], disputed: ['win', 'lose'] };

/** In the sandbox: lets a payment be refunded or disputed, to see what becomes of its pass. */
export function SandboxDeed({ payment }: { readonly payment: Payment }) {
  const { payments: texts } = useTexts(adminTexts);
  const [open, setOpen] = useState(false);
  const possible = payment.sandbox ? NEXT[payment.status] : undefined;
  if (possible === undefined) return null;
  return (
    <>
      <button type="button" className="button" aria-label={texts.playOf(payment.userEmail ?? '')} onClick={() => setOpen(true)}>
        {texts.play}
      </button>
      {open && <Play payment={payment} possible={possible} onClose={() => setOpen(false)} />}
    </>
  );
}

interface PlayProps {
  readonly payment: Payment;
  readonly possible: readonly What[];
  readonly onClose: () => void;
}

function Play({ payment: { paymentId }, possible, onClose }: PlayProps) {
  const { payments: texts } = useTexts(adminTexts);
  const client = useQueryClient();
  const [what, setWhat] = useState(possible[0] ?? 'refund');
  return (
    <Deed
      title={texts.playTitle}
      label={texts.whats[what]}
      onDo={async (value) => {
        const call = { params: { path: { paymentId } }, body: { what, reason: value('reason') } };
        await answer(api.POST('/api/v1/admin/payments/{paymentId}/sandbox', call));
        await client.invalidateQueries({ queryKey: ['admin'] });
      }}
      onClose={onClose}
    >
      <fieldset className="deeds">
        <legend>{texts.playTitle}</legend>
        {possible.map((one) => (
          <label key={one}>
            <input type="radio" name="what" checked={what === one} onChange={() => setWhat(one)} />
            <strong>{texts.whats[one]}</strong>
          </label>
        ))}
      </fieldset>
    </Deed>
  );
}
