import { EVENT_TYPES } from '@ckx/billing';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';

/** Of one copy of the API; the types of events are those that it knows, so that nobody who can sign makes labels. */
@Injectable()
export class BillingMetrics {
  readonly events = new Counter({
    name: 'ckx_payment_events_total',
    help: 'Events of the payment webhook that were decided, by type and by what became of them.',
    labelNames: ['type', 'outcome'],
    registers: [],
  });

  count(type: string, outcome: 'told' | 'ignored' | 'refused' | 'unsigned'): void {
    this.events.inc({ type: EVENT_TYPES.includes(type) ? type : 'other', outcome });
  }
}
