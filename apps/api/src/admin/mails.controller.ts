import type { ApiConfig } from '@ckx/config';
import { CkxError, MailLetter, MailPage, MailView } from '@ckx/contracts';
import { isLinkMail, MailContent } from '@ckx/mail';
import { type DataSource, inTransaction, MailEntity, type MailRow } from '@ckx/persistence';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { AdminOnly, CurrentUser } from '../auth/auth.guard.ts';
import { MailWriter } from '../auth/mail-writer.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';
import { recordDeed } from './audit.ts';

const MailId = z.uuid();
const MailsQuery = z.object({
  /** Part of the recipient's address. */
  recipient: z.string().max(254).toLowerCase().default(''),
  state: MailView.shape.state.optional(),
  /** Mails before this one. */
  before: MailId.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
type MailsQuery = z.infer<typeof MailsQuery>;

const OF_STATE = {
  owed: 'm.sentAt IS NULL AND m.givenUpAt IS NULL',
  sent: 'm.sentAt IS NOT NULL',
  given_up: 'm.givenUpAt IS NOT NULL',
} as const;

/** The outbox: all mail where none can be sent, and what became of it where it can. */
@ApiTags('admin')
@ApiBearerAuth()
@AdminOnly()
@Controller(`${API_V1}/admin/mails`)
export class MailsController {
  readonly #isSent: boolean;

  constructor(
    @Inject(CONFIG) { SMTP_URL }: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly writer: MailWriter,
  ) {
    this.#isSent = SMTP_URL !== undefined;
  }

  @Get()
  @ApiOperation({ summary: 'Mails, the newest first' })
  @Answers(MailPage)
  async list(@Query({ schema: MailsQuery }) { recipient, state, before, limit }: MailsQuery): Promise<MailPage> {
    const asked = this.dataSource.manager
      .createQueryBuilder(MailEntity, 'm')
      .where('strpos(lower(m.recipient), :recipient) > 0', { recipient });
    if (state !== undefined) asked.andWhere(OF_STATE[state]);
    if (before !== undefined) {
      asked.andWhere('(m.createdAt, m.id) < (SELECT b.created_at, b.id FROM mails b WHERE b.id = :before)', { before });
    }
    const found = await asked
      .orderBy('m.createdAt', 'DESC')
      .addOrderBy('m.id', 'DESC')
      .limit(limit + 1)
      .getMany();
    const mails = found.slice(0, limit).map(toView);
    return { mails, next: found.length > limit ? (mails.at(-1)?.id ?? null) : null };
  }

  @Get(':mailId')
  @ApiOperation({
    summary: 'One mail as it is sent',
    description:
      'A link that opens an account is shown only where no mail is sent, so that it can be handed over by other means; that is in the audit log.',
  })
  @Answers(MailLetter)
  async one(@CurrentUser() { id: actorId }: AuthenticatedUser, @Param('mailId', { schema: MailId }) id: string): Promise<MailLetter> {
    return await inTransaction(this.dataSource, async (manager) => {
      const row = await manager.findOneBy(MailEntity, { id });
      if (row === null) throw new CkxError('user', 'MAIL_UNKNOWN', `There is no mail ${id}.`, { remedy: 'See GET /api/v1/admin/mails.' });
      const content = MailContent.parse({ kind: row.kind, data: row.data });
      const showsLink = isLinkMail(content) && !this.#isSent && !(await this.writer.isStale(content));
      if (showsLink) {
        const data = { kind: row.kind, recipient: row.recipient };
        await recordDeed(manager, { actorId, action: 'mail.show_link', target: { kind: 'mail', id }, reason: null, data });
      }
      const { subject, text, html } = await this.writer.write(
        content,
        row.userId,
        showsLink ? undefined : '(a link that only its recipient sees)',
      );
      return { ...toView(row), subject, text, html };
    });
  }
}

function toView({ id, kind, recipient, sentAt, givenUpAt, attempts, failure, createdAt }: MailRow): MailView {
  const state = sentAt !== null ? 'sent' : givenUpAt !== null ? 'given_up' : 'owed';
  return { id, kind, recipient, state, attempts, failure, createdAt: createdAt.toISOString(), sentAt: sentAt?.toISOString() ?? null };
}
