import { isLiveKey, type PaymentProvider, SandboxProvider, StripeProvider } from '@ckx/billing';
import type { ApiConfig } from '@ckx/config';
import { CkxError, type PlansView } from '@ckx/contracts';
import type { DataSource } from '@ckx/persistence';
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { randomBytes } from 'node:crypto';
import { PinoLogger } from 'nestjs-pino';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';

/** Who takes the money here: Stripe where there is a key, else the sandbox, else nobody. */
@Injectable()
export class Payments implements OnApplicationBootstrap {
  readonly takenBy: PlansView['payments'];
  /** null: not the sandbox's turn. */
  readonly sandbox: SandboxProvider | null;
  readonly #provider: PaymentProvider | null;
  readonly #webhookSecret: string;
  readonly #isProduction: boolean;

  constructor(
    @Inject(CONFIG) config: ApiConfig,
    @Inject(DATA_SOURCE) dataSource: DataSource,
    private readonly logger: PinoLogger,
  ) {
    const { STRIPE_SECRET_KEY: secretKey, STRIPE_API_BASE: apiBase, STRIPE_WEBHOOK_SECRET, CKX_SANDBOX_PAYMENTS: wanted } = config;
    this.#isProduction = config.NODE_ENV === 'production';
    const isSandbox = secretKey === undefined && (wanted ?? (this.#isProduction ? '0' : '1')) === '1';
    this.sandbox = isSandbox ? new SandboxProvider(dataSource, new URL(config.APP_URL).origin) : null;
    this.#provider = secretKey === undefined ? this.sandbox : new StripeProvider({ secretKey, apiBase });
    // The sandbox sends to its own process: a secret that nobody else has to know will do.
    this.#webhookSecret = STRIPE_WEBHOOK_SECRET ?? `whsec_${randomBytes(24).toString('base64url')}`;
    this.takenBy = secretKey === undefined ? (isSandbox ? 'sandbox' : 'none') : isLiveKey(secretKey) ? 'stripe' : 'test';
  }

  onApplicationBootstrap(): void {
    const sentence = SENTENCES[this.takenBy];
    if (this.#isProduction && this.takenBy !== 'stripe') this.logger.warn({ payments: this.takenBy }, sentence);
    else this.logger.info({ payments: this.takenBy }, sentence);
  }

  /** @throws CkxError `PAYMENTS_NOT_CONFIGURED`. */
  get provider(): PaymentProvider {
    if (this.#provider !== null) return this.#provider;
    throw new CkxError('user', 'PAYMENTS_NOT_CONFIGURED', 'This installation sells nothing.', { remedy: 'Ask whoever runs it.' });
  }

  get webhookSecret(): string {
    return this.#webhookSecret;
  }
}

const SENTENCES: Readonly<Record<PlansView['payments'], string>> = {
  stripe: 'Payments: Stripe, live.',
  test: 'Payments: Stripe in test mode. NO MONEY IS TAKEN, and whoever knows a test card gets a pass.',
  sandbox: 'Payments: the sandbox. NO MONEY IS TAKEN, and whoever asks for a pass gets it. Set STRIPE_SECRET_KEY to sell.',
  none: 'Payments: none. No STRIPE_SECRET_KEY is set, so nothing is sold; CKX_SANDBOX_PAYMENTS=1 would give passes away for trying out.',
};
