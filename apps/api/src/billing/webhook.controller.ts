import { handleEvent, type Refusal, verifyEvent } from '@ckx/billing';
import { CkxError, WebhookAnswer } from '@ckx/contracts';
import { type DataSource } from '@ckx/persistence';
import { Controller, Headers, Inject, Post, Req } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { Public } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { Engine } from '../sessions/engine.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { BillingMetrics } from './billing-metrics.ts';
import { Payments } from './payments.ts';
import { webhookBodyOf } from './webhook-body.ts';

const WHY: Readonly<Record<Refusal, string>> = {
  not_ours: 'It is about no payment of this installation.',
  other_account: 'It is of a connected account.',
  other_mode: 'It is of the other mode, live or test, than the key.',
  no_object: 'It does not say what it is about.',
};

/** Where Stripe tells what happened. Its signature is all that is believed of it. */
@ApiTags('billing')
@Public()
@Controller(`${API_V1}/billing`)
export class WebhookController {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly payments: Payments,
    private readonly engine: Engine,
    private readonly metrics: BillingMetrics,
    private readonly logger: PinoLogger,
  ) {}

  @Post('webhook')
  @ApiOperation({
    summary: 'For Stripe: an event, signed',
    description:
      'Answers 200 once the workflow of the pass has been told, or where nothing follows. 400 `SIGNATURE_INVALID`, 422 `EVENT_REFUSED` (it is ' +
      'about no payment of ours; nothing is written), 503 where it should be sent again. See docs/operations/payments.md.',
  })
  @ApiHeader({ name: 'Stripe-Signature', description: 'As Stripe signs: over the bytes of the body, with a timestamp.' })
  @ApiBody({
    description: 'An event of Stripe, of which its id, type, time, mode and the id of its object are read.',
    schema: {
      type: 'object',
      required: ['id', 'type', 'created', 'livemode', 'data'],
      properties: {
        id: { type: 'string' },
        type: { type: 'string' },
        created: { type: 'integer' },
        livemode: { type: 'boolean' },
        data: { type: 'object', properties: { object: { type: 'object', properties: { id: { type: 'string' } } } } },
      },
    },
  })
  @Answers(WebhookAnswer)
  async receive(@Req() request: Request, @Headers('stripe-signature') signature: string | undefined): Promise<WebhookAnswer> {
    const { provider, webhookSecret } = this.payments;
    const event = this.#verified(webhookBodyOf(request), signature, webhookSecret);
    const outcome = await handleEvent(event, {
      provider,
      dataSource: this.dataSource,
      tell: (payment, message) => this.engine.tellPass(payment, message),
    });
    this.metrics.count(event.type, outcome.kind);
    const facts = { event: event.id, eventType: event.type };
    switch (outcome.kind) {
      case 'told':
        this.logger.info({ ...facts, paymentId: outcome.payment.id, told: outcome.message.kind }, 'payments: the pass was told');
        return { ignored: false };
      case 'ignored':
        this.logger.info(facts, 'payments: nothing follows from the event');
        return { ignored: true };
      case 'refused':
        // Somebody has to look: the endpoint gets what is not meant for it.
        this.logger.error({ ...facts, why: outcome.why }, 'payments: an event was refused');
        throw new CkxError('user', 'EVENT_REFUSED', `The event was refused. ${WHY[outcome.why]}`, {
          remedy: 'Let the endpoint hear only of this installation’s payments.',
        });
    }
  }

  /** @throws CkxError `SIGNATURE_INVALID`. */
  #verified(body: Buffer, signature: string | undefined, secret: string) {
    try {
      return verifyEvent(body, signature, secret);
    } catch (error) {
      this.metrics.count('unknown', 'unsigned');
      // The cause says what was wrong with the signature, and holds no secret; the body may be anybody's.
      const reason = error instanceof CkxError && error.cause instanceof Error ? error.cause.name : 'unknown';
      this.logger.warn({ reason }, 'payments: an event was not signed as it should be');
      throw error;
    }
  }
}
