import { CkxError, Maintenance } from '@ckx/contracts';
import { type DataSource, HostEntity } from '@ckx/persistence';
import { readMaintenance } from '@ckx/session-status';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { z } from 'zod';
import { Public } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { Engine } from '../sessions/engine.ts';
import { DATA_SOURCE } from '../tokens.ts';

const PART_TIMEOUT_MS = 3_000;

const Live = z.object({ status: z.literal('ok') });
const Part = z.object({ ok: z.boolean(), reason: z.string().optional() });
const Ready = z.object({
  ready: z.boolean(),
  parts: z.object({ postgres: Part, temporal: Part, hosts: Part }),
  maintenance: Maintenance.nullable(),
});

@ApiTags('health')
@Public()
@Controller('health')
export class HealthController {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    private readonly engine: Engine,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'The process answers' })
  @Answers(Live)
  live(): z.infer<typeof Live> {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({
    summary: 'A session could be started: Postgres, Temporal and a host are there; 503 otherwise. Maintenance is told, and is no fault',
  })
  @Answers(Ready)
  @ApiResponse({ status: 503, standardSchema: Ready, description: 'Something is not there: `parts` says what.' })
  async ready(@Res({ passthrough: true }) response: Response): Promise<z.infer<typeof Ready>> {
    const [postgres, temporal, hosts] = await Promise.all([
      check('Postgres does not answer', () => this.dataSource.query('SELECT 1')),
      check('Temporal does not answer', () => this.engine.ping()),
      check('the hosts are not known', () => this.assertActiveHost()),
    ]);
    const maintenance = postgres.ok ? await readMaintenance(this.dataSource).catch(() => null) : null;
    const ready = postgres.ok && temporal.ok && hosts.ok;
    response.status(ready ? 200 : 503);
    return { ready, parts: { postgres, temporal, hosts }, maintenance };
  }

  private async assertActiveHost(): Promise<void> {
    if (await this.dataSource.manager.existsBy(HostEntity, { state: 'active' })) return;
    throw new CkxError('operational', 'NO_HOST', 'no host is active: start a worker in the role `host`');
  }
}

/** Reasons are of a fixed set: what a driver says may name what is nobody's business. */
async function check(otherwise: string, question: () => Promise<unknown>): Promise<z.infer<typeof Part>> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new Error('timeout')), PART_TIMEOUT_MS);
  try {
    await Promise.race([question(), timeout.promise]);
    return { ok: true };
  } catch (error) {
    return { ok: false, reason: error instanceof CkxError && error.code === 'NO_HOST' ? error.message : otherwise };
  } finally {
    clearTimeout(timer);
  }
}
