export { connectDocker, ensureEngine, readEngineFacts, type Engine, type EngineFacts } from './engine.ts';
export type { Log } from './progress.ts';
