import { AuditPage, DrainBody, HostId, HostView, Maintenance, MaintenanceBody, PoolView, ReasonBody } from '@ckx/contracts';
import { type DataSource, inTransaction, SettingEntity } from '@ckx/persistence';
import { MAINTENANCE, readMaintenance } from '@ckx/session-status';
import { Body, Controller, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import type { AuthenticatedUser } from '../auth/access-token.ts';
import { AdminOnly, CurrentUser } from '../auth/auth.guard.ts';
import { Answers } from '../http/answers.ts';
import { API_V1 } from '../http/paths.ts';
import { Engine } from '../sessions/engine.ts';
import { DATA_SOURCE } from '../tokens.ts';
import { recordDeed } from './audit.ts';
import { listHosts, setDraining } from './hosts.ts';
import { readPool } from './pool.ts';
import { AuditQuery, readAudit } from './read-audit.ts';

/** The installation as a whole: its hosts, maintenance, and what administrators did. */
@ApiTags('admin')
@ApiBearerAuth()
@AdminOnly()
@Controller(`${API_V1}/admin`)
export class InstallationController {
  constructor(
    private readonly engine: Engine,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  @Get('hosts')
  @ApiOperation({ summary: 'Every host: its state, what it has, what is taken of it' })
  @Answers(HostView, { isArray: true })
  hosts(): Promise<HostView[]> {
    return listHosts(this.dataSource);
  }

  @Get('pool')
  @ApiOperation({ summary: 'The warm pool: what each host keeps ready, and what became of it' })
  @Answers(PoolView)
  pool(): Promise<PoolView> {
    return readPool(this.dataSource);
  }

  @Post('hosts/:hostId/drain')
  @ApiOperation({
    summary: 'No new sessions on this host; those it has run to their end',
    description: 'With a message, those who sit on it are told by an event `maintenance` of their session.',
  })
  @Answers(HostView)
  drain(
    @CurrentUser() { id: actorId }: AuthenticatedUser,
    @Param('hostId', { schema: HostId }) hostId: HostId,
    @Body({ schema: DrainBody }) body: DrainBody,
  ): Promise<HostView> {
    return setDraining(this.dataSource, hostId, { actorId, draining: true, ...body });
  }

  @Post('hosts/:hostId/resume')
  @ApiOperation({ summary: 'The host takes sessions again' })
  @Answers(HostView)
  async resume(
    @CurrentUser() { id: actorId }: AuthenticatedUser,
    @Param('hostId', { schema: HostId }) hostId: HostId,
    @Body({ schema: ReasonBody }) { reason }: ReasonBody,
  ): Promise<HostView> {
    const host = await setDraining(this.dataSource, hostId, { actorId, draining: false, reason });
    await this.engine.wakeQueue(this.dataSource);
    return host;
  }

  @Get('maintenance')
  @ApiOperation({ summary: 'Whether new sessions are refused' })
  @Answers(Maintenance)
  maintenance(): Promise<Maintenance> {
    return readMaintenance(this.dataSource);
  }

  @Put('maintenance')
  @ApiOperation({
    summary: 'Refuse new sessions, or take them again',
    description: 'While it is on, sessions that wait go on waiting, those that run go on to their end, and administrators may rehearse.',
  })
  @Answers(Maintenance)
  async setMaintenance(
    @CurrentUser() { id: actorId }: AuthenticatedUser,
    @Body({ schema: MaintenanceBody }) value: MaintenanceBody,
  ): Promise<Maintenance> {
    await inTransaction(this.dataSource, async (tx) => {
      const was = await readMaintenance(tx);
      await tx.upsert(SettingEntity, { name: MAINTENANCE, value, changedAt: new Date(), changedBy: actorId }, ['name']);
      const target = { kind: 'installation', id: MAINTENANCE } as const;
      await recordDeed(tx, {
        actorId,
        action: 'installation.maintenance',
        target,
        reason: value.message || null,
        data: { on: value.on, was },
      });
    });
    if (!value.on) await this.engine.wakeQueue(this.dataSource);
    return value;
  }

  @Get('audit')
  @ApiOperation({ summary: 'What administrators did, newest first' })
  @Answers(AuditPage)
  audit(@Query({ schema: AuditQuery }) query: z.infer<typeof AuditQuery>): Promise<AuditPage> {
    return readAudit(this.dataSource, query);
  }
}
