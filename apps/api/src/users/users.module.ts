import { Module } from '@nestjs/common';
import { MailsController } from '../admin/mails.controller.ts';
import { UserDeeds } from '../admin/user-deeds.ts';
import { AdminUsersController } from '../admin/users.controller.ts';
import { AuthModule } from '../auth/auth.module.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { SupportController } from '../support/support.controller.ts';
import { AccountController } from './account.controller.ts';
import { HistoryController } from './history.controller.ts';

@Module({
  imports: [AuthModule, SessionsModule],
  controllers: [AccountController, HistoryController, SupportController, AdminUsersController, MailsController],
  providers: [UserDeeds],
})
export class UsersModule {}
