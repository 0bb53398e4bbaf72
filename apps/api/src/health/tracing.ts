import { ExamSessionId } from '@ckx/contracts';
import { stopTracing, traceRequests } from '@ckx/telemetry';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Request } from 'express';
import { routeOf } from './route.ts';

/** Asked all the time, by machines. */
const UNTRACED = /^\/(health|metrics)/;

/** A span for each request, with the session that it concerns; put in place only where traces are made. */
export function tracing() {
  return traceRequests(
    (request: Request) => ({ route: routeOf(request), examSessionId: ExamSessionId.safeParse(request.params?.['id']).data }),
    (path) => !UNTRACED.test(path),
  );
}

/** What was traced last is delivered before the process ends. */
@Injectable()
export class Tracing implements OnApplicationShutdown {
  async onApplicationShutdown(): Promise<void> {
    await stopTracing();
  }
}
