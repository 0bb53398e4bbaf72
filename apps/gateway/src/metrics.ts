import { CONNECTION_KINDS, type ConnectionKind } from '@ckx/contracts';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { Ended } from './connection.ts';
import type { Connections } from './connections.ts';

/** What this copy of the gateway counts (docs/operations/metrics.md). */
export class Metrics {
  readonly #registry = new Registry();
  readonly #ended: Counter<'kind' | 'code'>;
  readonly #refused: Counter<'reason'>;

  constructor(connections: () => Connections) {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    new Gauge({
      name: 'ckx_gateway_connections',
      help: 'Connections that are open.',
      labelNames: ['kind'],
      registers,
      collect() {
        for (const kind of CONNECTION_KINDS) {
          this.set(
            { kind },
            connections()
              .all()
              .filter(({ about }) => about.kind === kind).length,
          );
        }
      },
    });
    this.#ended = new Counter({
      name: 'ckx_gateway_connections_ended_total',
      help: 'Connections that ended, by kind and by why.',
      labelNames: ['kind', 'code'],
      registers,
    });
    this.#refused = new Counter({
      name: 'ckx_gateway_upgrades_refused_total',
      help: 'WebSockets that were not accepted, by why.',
      labelNames: ['reason'],
      registers,
    });
  }

  ended(kind: ConnectionKind, { code }: Ended): void {
    this.#ended.inc({ kind, code });
  }

  refused(reason: 'path' | 'origin' | 'stopping'): void {
    this.#refused.inc({ reason });
  }

  page(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}
