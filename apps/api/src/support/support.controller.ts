import type { ApiConfig } from '@ckx/config';
import { CkxError, SupportBody, SupportReceipt, type UserId } from '@ckx/contracts';
import { oweMail } from '@ckx/mail';
import { type DataSource, type EntityManager, inTransaction, UserEntity } from '@ckx/persistence';
import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { CurrentUser } from '../auth/auth.guard.ts';
import { lockUser } from '../auth/refresh-tokens.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';

/** Of one account; counted in Postgres, whichever copy of the API is asked. */
const REQUESTS_PER_HOUR = 5;

const STANDING = `
  SELECT EXISTS (SELECT FROM access_passes p JOIN pass_types t ON t.id = p.pass_type_id
                  WHERE p.user_id = $1 AND p.status = 'activated' AND p.starts_at <= now() AND p.expires_at > now()
                    AND t.features ->> 'priority_support' = 'true') AS "hasPriority",
         (SELECT count(*)::int FROM mails m
           WHERE m.user_id = $1 AND m.kind = 'support_request' AND m.created_at > now() - interval '1 hour') AS written`;
const Standing = z.tuple([z.object({ hasPriority: z.boolean(), written: z.int() })]);

@ApiTags('support')
@ApiBearerAuth()
@Controller(`${API_V1}/support`)
export class SupportController {
  readonly #operators: string | undefined;

  constructor(
    @Inject(CONFIG) { SUPPORT_MAIL, SMTP_URL }: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {
    // Where nothing is sent the outbox is what the operators read.
    this.#operators = SUPPORT_MAIL ?? (SMTP_URL === undefined ? 'operators@localhost' : undefined);
  }

  @Post()
  @ApiOperation({
    summary: 'Write to the operators; they answer by mail',
    description: 'Five an hour. 409 `SUPPORT_NOT_CONFIGURED` where the operators have named no address.',
  })
  @Answers(SupportReceipt, { status: 202 })
  async write(@CurrentUser() { id: userId }: AuthenticatedUser, @Body({ schema: SupportBody }) body: SupportBody): Promise<SupportReceipt> {
    const recipient = this.#operators;
    if (recipient === undefined) {
      throw new CkxError('user', 'SUPPORT_NOT_CONFIGURED', 'This installation has no address for support.', {
        remedy: 'Ask whoever runs it.',
      });
    }
    return await inTransaction(this.dataSource, async (manager) => {
      await lockUser(manager, userId);
      const { hasPriority: priority, written } = await standingOf(manager, userId);
      if (written >= REQUESTS_PER_HOUR) throw tooMany();
      const { email, name } = await manager.findOneByOrFail(UserEntity, { id: userId });
      await oweMail(manager, {
        userId,
        recipient,
        kind: 'support_request',
        data: { ...body, from: email, name, userId, priority },
        eventKey: null,
      });
      return { priority };
    });
  }
}

async function standingOf(manager: EntityManager, userId: UserId): Promise<z.infer<typeof Standing>[0]> {
  return Standing.parse(await manager.query(STANDING, [userId]))[0];
}

function tooMany(): CkxError {
  return new CkxError('user', 'TOO_MANY_REQUESTS', `You have written ${REQUESTS_PER_HOUR} times within an hour.`, {
    remedy: 'Wait for an answer, or try again later.',
    details: { retryAfterSeconds: 3600 },
  });
}
