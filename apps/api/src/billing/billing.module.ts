import { Module } from '@nestjs/common';
import { AdminPaymentsController } from '../admin/payments.controller.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { BillingController } from './billing.controller.ts';
import { BillingMetrics } from './billing-metrics.ts';
import { Checkouts } from './checkouts.ts';
import { Payments } from './payments.ts';
import { SandboxController } from './sandbox.controller.ts';
import { SandboxDelivery } from './sandbox-delivery.ts';
import { WebhookController } from './webhook.controller.ts';

@Module({
  imports: [SessionsModule],
  controllers: [BillingController, WebhookController, SandboxController, AdminPaymentsController],
  providers: [Payments, Checkouts, SandboxDelivery, BillingMetrics],
  exports: [BillingMetrics],
})
export class BillingModule {}
