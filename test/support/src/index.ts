export { testPostgres, testTemporal } from './services.ts';
export { freePort } from '@ckx/toolchain';
