import type { ApiConfig } from '@ckx/config';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import { ThrottlerModule } from '@nestjs/throttler';
import { CONFIG } from '../tokens.ts';
import { jwtOptions } from './access-token.ts';
import { AccountMail } from './account-mail.ts';
import { AccountTokens } from './account-tokens.ts';
import { AuthController } from './auth.controller.ts';
import { AccessTokenGuard } from './auth.guard.ts';
import { AuthService } from './auth.service.ts';
import { DevicesController } from './devices.controller.ts';
import { JwtStrategy } from './jwt.strategy.ts';
import { MailController } from './mail.controller.ts';
import { MailSender } from './mail-sender.ts';
import { MailWriter } from './mail-writer.ts';
import { RefreshCookie } from './refresh-cookie.ts';
import { RefreshTokens } from './refresh-tokens.ts';
import { SignIns } from './sign-ins.ts';
import { credentialThrottles } from './throttle.ts';
import { UsersController } from './users.controller.ts';

@Module({
  imports: [
    PassportModule,
    JwtModule.registerAsync({ inject: [CONFIG], useFactory: (config: ApiConfig) => jwtOptions(config) }),
    ThrottlerModule.forRootAsync({ inject: [CONFIG], useFactory: (config: ApiConfig) => credentialThrottles(config) }),
  ],
  controllers: [AuthController, DevicesController, MailController, UsersController],
  providers: [
    AuthService,
    AccountMail,
    AccountTokens,
    MailSender,
    MailWriter,
    RefreshTokens,
    SignIns,
    RefreshCookie,
    JwtStrategy,
    { provide: APP_GUARD, useClass: AccessTokenGuard },
  ],
  exports: [MailWriter, RefreshTokens],
})
export class AuthModule {}
