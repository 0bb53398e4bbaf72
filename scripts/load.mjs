import { bootstrap } from './bootstrap.mjs';

bootstrap('../test/load/thousand.ts');
