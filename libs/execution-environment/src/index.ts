export type { EnvironmentProvider } from './provider.ts';
