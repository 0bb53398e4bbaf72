export { testPostgres, testTemporal } from './services.ts';
