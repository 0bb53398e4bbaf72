import { bootstrap } from './bootstrap.mjs';

bootstrap('../test/schema/main.ts');
