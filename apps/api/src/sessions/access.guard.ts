import { CkxError, ExamSessionId } from '@ckx/contracts';
import { type DataSource } from '@ckx/persistence';
import { authorize } from '@ckx/environment-access';
import { type CanActivate, createParamDecorator, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
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
    if (as === 'owner' && countsAsActivity(this.reflector, context)) await noteActivity(this.dataSource, identity.examSessionId);
    const mayLook = request.method === 'GET' && !isOwnerOnly(this.reflector, context);
    if (as === 'owner' || mayLook || isAdminOnly(this.reflector, context)) return true;
    throw new CkxError('user', 'OWNER_ONLY', 'Only the candidate whose session this is may do that.', {
      remedy: 'Administrators end a session with POST /api/v1/admin/sessions/:id/terminate.',
    });
  }
}

const ACTIVITY = 'ckx:activity';

/** The candidate does something in the session by this path: one without any for long enough is abandoned (design §4). */
export const CountsAsActivity = () => SetMetadata(ACTIVITY, true);

function countsAsActivity(reflector: Reflector, context: ExecutionContext): boolean {
  return reflector.get<boolean | undefined>(ACTIVITY, context.getHandler()) === true;
}

const OWNER_ONLY = 'ckx:owner-only';

/** Not for administrators to look at: what a candidate writes for themselves. */
export const OwnerOnly = () => SetMetadata(OWNER_ONLY, true);

function isOwnerOnly(reflector: Reflector, context: ExecutionContext): boolean {
  return reflector.get<boolean | undefined>(OWNER_ONLY, context.getHandler()) === true;
}

/** Writes at most once a minute: a busy candidate costs a look at an index. */
async function noteActivity(dataSource: DataSource, id: ExamSessionId): Promise<void> {
  await dataSource.query(
    `UPDATE exam_sessions SET last_activity_at = now() WHERE id = $1 AND last_activity_at < now() - interval '1 minute'`,
    [id],
  );
}

/** The id that the guard let pass. */
export const OwnSession = createParamDecorator((_: unknown, context: ExecutionContext): ExamSessionId =>
  ExamSessionId.parse(context.switchToHttp().getRequest<Request>().params['id']),
);

export const ApiSessionId = () => ApiParam({ name: 'id', description: 'The session’s id', schema: { type: 'string', format: 'uuid' } });
