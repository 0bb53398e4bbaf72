import type { ApiConfig } from '@ckx/config';
import type { UserId } from '@ckx/contracts';
import { compose, isLinkMail, type MailContent, type MailText } from '@ckx/mail';
import { AccountTokenEntity, type DataSource, UserEntity } from '@ckx/persistence';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, DATA_SOURCE } from '../tokens.ts';
import { AccountTokens } from './account-tokens.ts';

/** Makes mails of what the outbox holds. */
@Injectable()
export class MailWriter {
  readonly #appUrl: string;

  constructor(
    @Inject(CONFIG) { APP_URL }: ApiConfig,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly tokens: AccountTokens,
  ) {
    this.#appUrl = new URL(APP_URL).origin;
  }

  /** True where a mail's link leads nowhere any more. */
  async isStale(content: MailContent): Promise<boolean> {
    if (!isLinkMail(content)) return false;
    const token = await this.dataSource.manager.findOneBy(AccountTokenEntity, { id: content.data.tokenId });
    return token === null || token.usedAt !== null || token.expiresAt.getTime() <= Date.now();
  }

  /** @param link in place of the mail's own, which opens an account. */
  async write(content: MailContent, userId: UserId | null, link?: string): Promise<MailText> {
    const user = userId === null ? null : await this.dataSource.manager.findOneBy(UserEntity, { id: userId });
    const to = { name: user?.name ?? '', appUrl: this.#appUrl };
    if (!isLinkMail(content)) return compose(content, to);
    return compose(content, { ...to, link: link ?? this.tokens.link(content.kind, content.data.tokenId) });
  }
}
