import { bootstrap } from './bootstrap.mjs';

bootstrap('../test/kill/soak.ts');
