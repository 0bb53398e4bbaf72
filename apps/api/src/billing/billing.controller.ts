import { FREE_TRIAL, planOf } from '@ckx/billing';
import { CheckoutBody, CheckoutStatusView, CheckoutView, PlansView } from '@ckx/contracts';
import { type DataSource, PassTypeEntity } from '@ckx/persistence';
import { Body, Controller, Get, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { CurrentUser, Public } from '../auth/auth.guard.ts';
import { CredentialThrottleGuard } from '../auth/throttle.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { Checkouts } from './checkouts.ts';
import { Payments } from './payments.ts';

const CheckoutId = z.string().min(1).max(255);

@ApiTags('billing')
@Controller(`${API_V1}/billing`)
export class BillingController {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly checkouts: Checkouts,
    private readonly payments: Payments,
  ) {}

  @Public()
  @Get('plans')
  @ApiOperation({ summary: 'What there is to be had, the free trial among it, and what it costs' })
  @Answers(PlansView)
  async plans(): Promise<PlansView> {
    const types = await this.dataSource.manager.find(PassTypeEntity, { where: { isActive: true }, order: { priceCents: 'ASC' } });
    return { plans: [FREE_TRIAL, ...types.map(planOf)], payments: this.payments.takenBy };
  }

  @Post('checkout')
  @ApiBearerAuth()
  @UseGuards(CredentialThrottleGuard)
  @ApiOperation({
    summary: 'Begin to buy a pass: answers where it is paid',
    description:
      'One that was begun for the same pass and is still open is offered again. The price is the plan’s, whatever a caller thinks.',
  })
  @Answers(CheckoutView, { status: 201 })
  begin(@CurrentUser() { id }: AuthenticatedUser, @Body({ schema: CheckoutBody }) { passTypeId }: CheckoutBody): Promise<CheckoutView> {
    return this.checkouts.begin(id, passTypeId);
  }

  @Get('checkout/:id')
  @ApiBearerAuth()
  @ApiOperation({ summary: 'What became of a checkout of one’s own, by the server’s records', description: 'Another’s answers 403.' })
  @Answers(CheckoutStatusView)
  status(@CurrentUser() { id: userId }: AuthenticatedUser, @Param('id', { schema: CheckoutId }) id: string): Promise<CheckoutStatusView> {
    return this.checkouts.status(userId, id);
  }
}
