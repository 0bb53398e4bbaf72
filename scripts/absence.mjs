import { bootstrap } from './bootstrap.mjs';

bootstrap('../test/kill/absence.ts');
