import { bootstrap } from './bootstrap.mjs';

bootstrap('../test/kill/matrix.ts');
