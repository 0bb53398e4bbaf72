import { type CanActivate, createParamDecorator, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { type ServiceRequest, serviceRequestOf, unauthenticatedService } from './authentication.ts';

/** A second lock on the same door: a path under /internal that is reached otherwise than through the first is refused all the same. */
@Injectable()
export class ServiceGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (serviceRequestOf(context.switchToHttp().getRequest<Request>()) === null) throw unauthenticatedService();
    return true;
  }
}

/** The request as it was signed, with its body as it came. */
export const Signed = createParamDecorator((_: unknown, context: ExecutionContext): ServiceRequest => {
  const request = serviceRequestOf(context.switchToHttp().getRequest<Request>());
  if (request === null) throw unauthenticatedService();
  return request;
});
