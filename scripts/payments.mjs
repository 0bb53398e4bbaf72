import { bootstrap } from './bootstrap.mjs';

bootstrap('../test/payments/main.ts');
