import { Module } from '@nestjs/common';
import { AdminController } from '../admin/admin.controller.ts';
import { InstallationController } from '../admin/installation.controller.ts';
import { RegradeController } from '../admin/regrade.controller.ts';
import { Regrades } from '../admin/regrades.ts';
import { SessionDeeds } from '../admin/session-deeds.ts';
import { ConnectController } from '../connect/connect.controller.ts';
import { LabPacksController } from '../labs/lab-packs.controller.ts';
import { Packs } from '../labs/packs.ts';
import { Engine } from './engine.ts';
import { ExamsController } from './exams.controller.ts';
import { MarksController } from './marks.controller.ts';
import { Practice } from './practice.ts';
import { PracticeController } from './practice.controller.ts';
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
    MarksController,
    PracticeController,
    RegradeController,
    AdminController,
    InstallationController,
  ],
  providers: [SessionsService, Packs, SessionDeeds, Practice, Regrades, Engine],
  exports: [Engine],
})
export class SessionsModule {}
