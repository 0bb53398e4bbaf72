import { doDeed, possibleDeeds, type SandboxProvider } from '@ckx/billing';
import type { ApiConfig } from '@ckx/config';
import { CkxError } from '@ckx/contracts';
import type { DataSource } from '@ckx/persistence';
import { Controller, Get, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Public } from '../auth/auth.guard.ts';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';
import { Payments } from './payments.ts';
import { SandboxDelivery } from './sandbox-delivery.ts';
import { sandboxPage } from './sandbox-page.ts';

const CheckoutId = z.string().min(1).max(255);
/** What befalls a payment afterwards is for administrators. */
const PageDeed = z.enum(['pay', 'decline', 'pay_later', 'arrive', 'bounce', 'expire']);
type PageDeed = z.infer<typeof PageDeed>;
const PageQuery = z.object({ declined: z.stringbool().default(false) });
type PageQuery = z.infer<typeof PageQuery>;

/** A checkout page of our own where there is no Stripe. Whoever has its address may pay, as with Stripe's. */
@ApiTags('sandbox')
@Public()
@Controller('sandbox/checkout')
export class SandboxController {
  readonly #formTargets: string;

  constructor(
    @Inject(CONFIG) { APP_URL }: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly payments: Payments,
    private readonly delivery: SandboxDelivery,
  ) {
    // Browsers hold the redirect after a form to it as well.
    this.#formTargets = `'self' ${new URL(APP_URL).origin}`;
  }

  @Get(':id')
  @ApiOperation({ summary: 'The sandbox’s checkout page, for people; 404 where payments are not the sandbox’s' })
  @ApiProduces('text/html')
  @ApiResponse({ status: 200, description: 'The page.', content: { 'text/html': { schema: { type: 'string' } } } })
  async show(
    @Param('id', { schema: CheckoutId }) id: string,
    @Query({ schema: PageQuery }) { declined }: PageQuery,
    @Res() response: Response,
  ): Promise<void> {
    const checkout = await this.#sandbox().read(id);
    if (checkout === null) throw unknown();
    const nonce = randomBytes(16).toString('base64');
    response
      .setHeader(
        'Content-Security-Policy',
        `default-src 'none'; style-src 'nonce-${nonce}'; form-action ${this.#formTargets}; frame-ancestors 'none'; base-uri 'none'`,
      )
      .type('text/html; charset=utf-8')
      .send(sandboxPage({ checkout, possible: possibleDeeds(checkout), declined, nonce }));
  }

  @Post(':id/:deed')
  @ApiOperation({ summary: 'A button of that page' })
  @ApiResponse({ status: 303, description: 'Where to go on.' })
  async press(
    @Param('id', { schema: CheckoutId }) id: string,
    @Param('deed', { schema: PageDeed }) deed: PageDeed,
    @Res() response: Response,
  ): Promise<void> {
    const checkout = await this.#sandbox().read(id);
    if (checkout === null) throw unknown();
    const page = `/sandbox/checkout/${encodeURIComponent(id)}`;
    // A declined card leaves the checkout open, and nobody is told: as at Stripe.
    if (deed === 'decline') return response.redirect(303, `${page}?declined=1`);
    await doDeed(this.dataSource, id, deed);
    await this.delivery.deliver(id);
    response.redirect(303, deed === 'pay' || deed === 'arrive' ? checkout.successUrl : page);
  }

  /** @throws CkxError `SANDBOX_OFF`. */
  #sandbox(): SandboxProvider {
    if (this.payments.sandbox !== null) return this.payments.sandbox;
    throw new CkxError('user', 'SANDBOX_OFF', 'There is no sandbox here.');
  }
}

function unknown(): CkxError {
  return new CkxError('user', 'CHECKOUT_UNKNOWN', 'There is no such checkout in the sandbox.');
}
