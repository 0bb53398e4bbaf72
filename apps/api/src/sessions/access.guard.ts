import { CkxError, ExamSessionId } from '@ckx/contracts';
import { type DataSource } from '@ckx/persistence';
import { authorize } from '@ckx/environment-access';
import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiParam } from '@nestjs/swagger';
import type { Request } from 'express';
import { PinoLogger } from 'nestjs-pino';
import { isAdminOnly } from '../auth/auth.guard.ts';
import { unauthenticated } from '../http/errors.ts';
import { DATA_SOURCE } from '../tokens.ts';

/**
 * The one access rule, before every path with a session's `:id`: a malformed id, an unknown one and another's answer the same 403.
 * Administrators may look at everybody's sessions; what they may do to them the admin paths say.
 */
@Injectable()
export class SessionAccessGuard implements CanActivate {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly reflector: Reflector,
    private readonly logger: PinoLogger,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const id = request.params['id'];
    if (id === undefined) return true;
    if (request.user === undefined) throw unauthenticated('Sessions need an account.');
    const { as, identity } = await authorize(this.dataSource, { user: request.user, examSessionId: id });
    // From here on every line of this request names the session.
    this.logger.assign({ examSessionId: identity.examSessionId });
    if (as === 'owner' || request.method === 'GET' || isAdminOnly(this.reflector, context)) return true;
    throw new CkxError('user', 'OWNER_ONLY', 'Only the candidate whose session this is may do that.', {
      remedy: 'Administrators end a session with POST /api/v1/admin/sessions/:id/terminate.',
    });
  }
}

/** The id that the guard let pass. */
export const OwnSession = createParamDecorator((_: unknown, context: ExecutionContext): ExamSessionId =>
  ExamSessionId.parse(context.switchToHttp().getRequest<Request>().params['id']),
);

export const ApiSessionId = () => ApiParam({ name: 'id', description: 'The session’s id', schema: { type: 'string', format: 'uuid' } });
