import type { ApiConfig } from '@ckx/config';
import { UserId } from '@ckx/contracts';
import { compose, createMailer, type Mailer } from '@ckx/mail';
import { type DataSource, MailEntity, UserEntity } from '@ckx/persistence';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { z } from 'zod';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';
import { AccountTokens } from './account-tokens.ts';

const POLL_MS = 1_000;
/** After 12 attempts, about an hour and a half, a mail is given up: its link has ended by then. */
const ATTEMPTS = 12;

/** Taken for two minutes, longer than any attempt lasts: other copies of the API, or this one after a crash, look at it only then. */
const CLAIM = `
  UPDATE mails SET attempts = attempts + 1, next_attempt_at = now() + interval '2 minutes'
   WHERE id = (SELECT id FROM mails WHERE sent_at IS NULL AND next_attempt_at <= now() AND attempts < $1
                ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, user_id, recipient, kind, data`;
/** 5 s, 10 s, 20 s … up to 15 minutes. */
const FAIL = `UPDATE mails SET failure = $2, next_attempt_at = now() + least(interval '15 minutes', interval '5 seconds' * 2 ^ (attempts - 1)) WHERE id = $1`;

const Claimed = z.object({
  id: z.uuid(),
  user_id: UserId,
  recipient: z.email(),
  kind: z.enum(['verify_email', 'reset_password']),
  data: z.object({ tokenId: z.uuid() }),
});
type Claimed = z.infer<typeof Claimed>;

/**
 * Sends what the outbox owes, where SMTP is configured; any number of copies of the API may do so. A mail is sent once, unless a process dies
 * between the server's answer and the record of it: then twice, with one Message-ID.
 */
@Injectable()
export class MailSender implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #mailer: Mailer | null;
  #running: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(
    @Inject(CONFIG) { SMTP_URL, MAIL_FROM }: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly tokens: AccountTokens,
    private readonly logger: PinoLogger,
  ) {
    this.#mailer = SMTP_URL === undefined ? null : createMailer(SMTP_URL, MAIL_FROM);
  }

  onApplicationBootstrap(): void {
    if (this.#mailer !== null) this.#schedule(this.#mailer);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
    this.#mailer?.close();
  }

  #schedule(mailer: Mailer): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.#sendDue(mailer)
        // The database does not answer: what is owed stays owed.
        .catch((error: unknown) => this.logger.warn({ err: error }, 'mail: the outbox could not be read'))
        .finally(() => this.#schedule(mailer));
    }, POLL_MS);
  }

  async #sendDue(mailer: Mailer): Promise<void> {
    while (!this.#stopped) {
      const [rows] = z.tuple([z.array(Claimed), z.number()]).parse(await this.dataSource.query(CLAIM, [ATTEMPTS]));
      const [claimed] = rows;
      if (claimed === undefined) return;
      await this.#send(mailer, claimed);
    }
  }

  async #send(mailer: Mailer, { id, user_id: userId, recipient, kind, data }: Claimed): Promise<void> {
    try {
      const { name } = await this.dataSource.manager.findOneByOrFail(UserEntity, { id: userId });
      await mailer.send({ id, to: recipient, ...compose(kind, { name, link: this.tokens.link(kind, data.tokenId) }) });
      await this.dataSource.manager.update(MailEntity, { id }, { sentAt: new Date(), failure: null });
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      this.logger.warn({ mail: id, kind, failure }, 'mail: not sent, will be tried again');
      await this.dataSource.query(FAIL, [id, failure.slice(0, 500)]);
    }
  }
}
