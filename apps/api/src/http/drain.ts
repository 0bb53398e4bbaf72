import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Server, ServerResponse } from 'node:http';

/**
 * Requests under way when the application stops are answered; their connections end with the answer (RFC 9112, section 9.6). Otherwise a
 * browser that asks more often than an idle connection lasts would keep a server from ever closing.
 */
@Injectable()
export class Drain implements BeforeApplicationShutdown {
  constructor(private readonly host: HttpAdapterHost) {}

  beforeApplicationShutdown(): void {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.prependListener('request', (_request, response: ServerResponse) => {
      response.shouldKeepAlive = false;
    });
    // For answers that have begun already, such as streams.
    server.keepAliveTimeout = 1;
  }
}
