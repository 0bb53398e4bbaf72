import { Module } from '@nestjs/common';
import { AdminController } from '../admin/admin.controller.ts';
import { Engine } from './engine.ts';
import { ExamsController } from './exams.controller.ts';
import { SessionsController } from './sessions.controller.ts';
import { SessionsService } from './sessions.service.ts';
import { WorkflowController } from './workflow.controller.ts';

@Module({
  controllers: [SessionsController, WorkflowController, ExamsController, AdminController],
  providers: [SessionsService, Engine],
  exports: [Engine],
})
export class SessionsModule {}
