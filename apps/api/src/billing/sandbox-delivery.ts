import { deliverNext, expireOverdue } from '@ckx/billing';
import type { DataSource } from '@ckx/persistence';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server } from 'node:http';
import { PinoLogger } from 'nestjs-pino';
import { DATA_SOURCE } from '../tokens.ts';
import { Payments } from './payments.ts';
import { WEBHOOK_PATH } from './webhook-body.ts';

const POLL_MS = 1_000;

/** Sends what the sandbox has to tell, to the webhook of this very process, over HTTP. Any number of copies of the API may do so. */
@Injectable()
export class SandboxDelivery implements OnApplicationBootstrap, BeforeApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly host: HttpAdapterHost,
    private readonly payments: Payments,
    private readonly logger: PinoLogger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.payments.sandbox !== null) this.#schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  /** Sends an event of this checkout now; what is not taken goes again by itself. */
  async deliver(checkoutId: string): Promise<void> {
    const url = this.#webhookUrl();
    if (url === null) return;
    try {
      await deliverNext({ dataSource: this.dataSource, url, secret: this.payments.webhookSecret }, checkoutId);
    } catch (error) {
      this.logger.warn({ err: error }, 'sandbox: an event was not taken, and will be sent again');
    }
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#round = this.#deliverDue().finally(() => this.#schedule());
    }, POLL_MS);
    this.#timer.unref();
  }

  async #deliverDue(): Promise<void> {
    const url = this.#webhookUrl();
    if (url === null) return;
    try {
      await expireOverdue(this.dataSource);
      const delivery = { dataSource: this.dataSource, url, secret: this.payments.webhookSecret };
      while (!this.#stopped && (await deliverNext(delivery)));
    } catch (error) {
      this.logger.warn({ err: error }, 'sandbox: what is due could not be sent, and will be again');
    }
  }

  /** null while nobody listens. */
  #webhookUrl(): string | null {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    const address = server.address();
    if (address === null || typeof address === 'string') return null;
    const { address: host, port, family } = address;
    const isAny = host === '0.0.0.0' || host === '::';
    const name = family === 'IPv6' ? (isAny ? '[::1]' : `[${host}]`) : isAny ? '127.0.0.1' : host;
    return `http://${name}:${port}/${WEBHOOK_PATH}`;
  }
}
