import type { ApiConfig } from '@ckx/config';
import { UserId } from '@ckx/contracts';
import { MailContent } from '@ckx/mail';
import { createMailer, isRefusedForGood, type Mailer } from '@ckx/mail/smtp';
import { type DataSource, MailEntity } from '@ckx/persistence';
import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { PinoLogger } from 'nestjs-pino';
import { z } from 'zod';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';
import { MailWriter } from './mail-writer.ts';

const POLL_MS = 1_000;
/** Longer than any outage of a mail server should last. What is older is news to nobody; nor does SMTP that is set up later send it. */
const GIVE_UP_AFTER_MS = 3 * 24 * 60 * 60_000;

/** Taken for two minutes, longer than any attempt lasts: other copies of the API, or this one after a crash, look at it only then. */
const CLAIM = `
  UPDATE mails SET attempts = attempts + 1, next_attempt_at = now() + interval '2 minutes'
   WHERE id = (SELECT id FROM mails WHERE sent_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= now()
                ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
  RETURNING id, user_id AS "userId", recipient, kind, data, created_at AS "createdAt"`;
/** 5 s, 10 s, 20 s … up to 15 minutes. */
const FAIL = `
  UPDATE mails SET failure = $2, next_attempt_at = now() + least(interval '15 minutes', interval '5 seconds' * 2 ^ least(attempts - 1, 10))
   WHERE id = $1`;

const Claimed = z.object({
  id: z.uuid(),
  userId: UserId.nullable(),
  recipient: z.string(),
  kind: z.string(),
  data: z.unknown(),
  createdAt: z.date(),
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
    private readonly writer: MailWriter,
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
      const [rows] = z.tuple([z.array(Claimed), z.number()]).parse(await this.dataSource.query(CLAIM));
      const [claimed] = rows;
      if (claimed === undefined) return;
      await this.#send(mailer, claimed);
    }
  }

  async #send(mailer: Mailer, { id, userId, recipient, kind, data, createdAt }: Claimed): Promise<void> {
    if (Date.now() - createdAt.getTime() > GIVE_UP_AFTER_MS) return this.#giveUp(id, kind, 'It is too old.');
    try {
      const content = MailContent.parse({ kind, data });
      if (await this.writer.isStale(content)) return await this.#giveUp(id, kind, 'Its link was used, or has ended.');
      await mailer.send({ id, to: recipient, ...(await this.writer.write(content, userId)) });
      await this.dataSource.manager.update(MailEntity, { id }, { sentAt: new Date(), failure: null });
    } catch (error) {
      const failure = (error instanceof Error ? error.message : String(error)).slice(0, 500);
      if (isRefusedForGood(error) || error instanceof z.ZodError) return this.#giveUp(id, kind, failure);
      this.logger.warn({ mail: id, kind, failure }, 'mail: not sent, will be tried again');
      await this.dataSource.query(FAIL, [id, failure]);
    }
  }

  async #giveUp(id: string, kind: string, failure: string): Promise<void> {
    this.logger.warn({ mail: id, kind, failure }, 'mail: given up');
    await this.dataSource.manager.update(MailEntity, { id }, { givenUpAt: new Date(), failure });
  }
}
