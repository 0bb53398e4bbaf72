import { Module } from '@nestjs/common';
import { AdminController } from '../admin/admin.controller.ts';
import { InstallationController } from '../admin/installation.controller.ts';
import { SessionDeeds } from '../admin/session-deeds.ts';
import { ConnectController } from '../connect/connect.controller.ts';
import { LabPacksController } from '../labs/lab-packs.controller.ts';
import { Packs } from '../labs/packs.ts';
import { Engine } from './engine.ts';
import { ExamsController } from './exams.controller.ts';
import { SessionsController } from './sessions.controller.ts';
import { SessionsService } from './sessions.service.ts';
import { WorkflowController } from './workflow.controller.ts';

@Module({
  controllers: [
    SessionsController,
    LabPacksController,
    WorkflowController,
    ConnectController,
    ExamsController,
    AdminController,
    InstallationController,
  ],
  providers: [SessionsService, Packs, SessionDeeds, Engine],
  exports: [Engine],
})
export class SessionsModule {}
