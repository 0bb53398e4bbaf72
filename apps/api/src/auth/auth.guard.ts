import { CkxError } from '@ckx/contracts';
import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import { unauthenticated } from '../http/errors.ts';
import type { AuthenticatedUser } from './access-token.ts';

const ACCESS = 'ckx:access';
type Access = 'public' | 'optional' | 'admin';

/** Anyone; a token is not even looked at. */
export const Public = () => SetMetadata(ACCESS, 'public' satisfies Access);
/** Anyone; who sends a token must send a good one. */
export const OptionalAuth = () => SetMetadata(ACCESS, 'optional' satisfies Access);
/** Administrators. */
export const AdminOnly = () => SetMetadata(ACCESS, 'admin' satisfies Access);

function accessOf(reflector: Reflector, context: ExecutionContext): Access | undefined {
  return reflector.getAllAndOverride<Access | undefined>(ACCESS, [context.getHandler(), context.getClass()]);
}

export function isAdminOnly(reflector: Reflector, context: ExecutionContext): boolean {
  return accessOf(reflector, context) === 'admin';
}

/** Every path needs an access token, unless it says otherwise. */
@Injectable()
export class AccessTokenGuard extends AuthGuard('jwt') implements CanActivate {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = accessOf(this.reflector, context);
    if (access === 'public') return true;
    const request = context.switchToHttp().getRequest<Request>();
    if (access === 'optional' && request.headers.authorization === undefined) return true;
    await super.canActivate(context);
    if (access === 'admin' && request.user?.role !== 'admin') {
      throw new CkxError('user', 'ADMIN_ONLY', 'Only an administrator may do this.');
    }
    return true;
  }

  /** Called by passport with what the strategy found. */
  override handleRequest<User>(error: unknown, user: User | false): User {
    if (error instanceof Error) throw error;
    if (user === false) throw unauthenticated('The access token is missing, expired or not one of ours.');
    return user;
  }
}

/** The signed-in user; null on a path with optional authentication. */
export const CurrentUser = createParamDecorator(
  (_: unknown, context: ExecutionContext): AuthenticatedUser | null => context.switchToHttp().getRequest<Request>().user ?? null,
);
