import { doDeed } from '@ckx/billing';
import { CkxError, PaymentId, PaymentPage, PaymentState, PaymentView, SandboxReversalBody, UserId } from '@ckx/contracts';
import { type DataSource, PaymentEntity } from '@ckx/persistence';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { AdminOnly, CurrentUser } from '../auth/auth.guard.ts';
import { Payments } from '../billing/payments.ts';
import { SandboxDelivery } from '../billing/sandbox-delivery.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { recordDeed } from './audit.ts';

const PaymentsQuery = z.object({
  userId: UserId.optional(),
  status: PaymentState.optional(),
  /** Payments older than this one. */
  before: PaymentId.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
type PaymentsQuery = z.infer<typeof PaymentsQuery>;

const SQL = `
  SELECT p.id AS "paymentId", p.pass_id AS "passId", p.user_id AS "userId", u.email AS "userEmail", p.pass_type_id AS "passTypeId",
         p.price_cents AS "priceCents", p.currency, p.status, p.problem, p.sandbox, p.checkout_session_id AS "checkoutSessionId",
         p.payment_intent_id AS "paymentIntentId", p.created_at AS "createdAt", p.paid_at AS "paidAt"
    FROM payments p LEFT JOIN users u ON u.id = p.user_id
   WHERE ($1::uuid IS NULL OR p.user_id = $1) AND ($2::text IS NULL OR p.status = $2)
     AND ($3::uuid IS NULL OR (p.created_at, p.id) < (SELECT created_at, id FROM payments WHERE id = $3))
   ORDER BY p.created_at DESC, p.id DESC LIMIT $4`;
const iso = z.date().transform((date) => date.toISOString());
const Row = PaymentView.extend({ createdAt: iso, paidAt: iso.nullable() });

/** Everybody's payments. Money goes back at Stripe itself, which tells us of it; in the sandbox, here. */
@ApiTags('admin')
@ApiBearerAuth()
@AdminOnly()
@Controller(`${API_V1}/admin/payments`)
export class AdminPaymentsController {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly payments: Payments,
    private readonly delivery: SandboxDelivery,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Payments of everybody, newest first' })
  @Answers(PaymentPage)
  async list(@Query({ schema: PaymentsQuery }) { userId, status, before, limit }: PaymentsQuery): Promise<PaymentPage> {
    const rows: unknown = await this.dataSource.query(SQL, [userId ?? null, status ?? null, before ?? null, limit + 1]);
    const found = z.array(Row).parse(rows);
    const payments = found.slice(0, limit);
    return { payments, next: found.length > limit ? (payments.at(-1)?.paymentId ?? null) : null };
  }

  @Post(':paymentId/sandbox')
  @HttpCode(200)
  @ApiOperation({ summary: 'In the sandbox: let a payment be refunded, disputed, and the dispute won or lost' })
  @Answers(PaymentView)
  async reverse(
    @CurrentUser() { id: actorId }: AuthenticatedUser,
    @Param('paymentId', { schema: PaymentId }) id: PaymentId,
    @Body({ schema: SandboxReversalBody }) { what, reason }: SandboxReversalBody,
  ): Promise<PaymentView> {
    const payment = await this.dataSource.manager.findOneBy(PaymentEntity, { id });
    if (payment === null) {
      throw new CkxError('user', 'PAYMENT_UNKNOWN', `There is no payment ${id}.`, { remedy: 'See GET /api/v1/admin/payments.' });
    }
    const { checkoutSessionId: checkoutId, status } = payment;
    if (this.payments.sandbox === null || !payment.sandbox || checkoutId === null) {
      throw new CkxError('user', 'SANDBOX_OFF', 'This is no payment of the sandbox.', { remedy: 'Give the money back at Stripe.' });
    }
    await doDeed(this.dataSource, checkoutId, what, (tx) =>
      recordDeed(tx, { actorId, action: `payment.sandbox_${what}`, target: { kind: 'payment', id }, reason, data: { status } }),
    );
    await this.delivery.deliver(checkoutId);
    return this.#view(id);
  }

  async #view(id: PaymentId): Promise<PaymentView> {
    const rows: unknown = await this.dataSource.query(SQL.replace('WHERE', 'WHERE p.id = $5 AND'), [null, null, null, 1, id]);
    return z.tuple([Row]).parse(rows)[0];
  }
}
