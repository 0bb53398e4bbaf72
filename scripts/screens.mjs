import { bootstrap } from './bootstrap.mjs';

bootstrap('screens.ts');
