import { Module } from '@nestjs/common';
import { AdminPassesController } from '../admin/passes.controller.ts';
import { SessionsModule } from '../sessions/sessions.module.ts';
import { AccessController } from './access.controller.ts';

@Module({ imports: [SessionsModule], controllers: [AccessController, AdminPassesController] })
export class AccessModule {}
