/** What Nest itself costs, for `npm run bench -- api`: one endpoint, nothing around it. Prints its port, and ends with its input. */
import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';

@Controller('bare')
class BareController {
  @Get()
  answer(): { status: 'ok' } {
    return { status: 'ok' };
  }
}

@Module({ controllers: [BareController] })
class BareModule {}

const app = await NestFactory.create<NestExpressApplication>(BareModule, { logger: false });
await app.listen(0, '127.0.0.1');
console.log(new URL(await app.getUrl()).port);
process.stdin.resume().once('end', () => void app.close());
