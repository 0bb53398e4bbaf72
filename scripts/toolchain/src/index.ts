export { connectDocker, ensureEngine, readEngineFacts, type Engine, type EngineFacts } from './engine.ts';
export { withLock } from './lock.ts';
export { freePort } from './ports.ts';
export { startPostgres, type PostgresOptions, type PostgresServer } from './postgres.ts';
export { endProcess, isAlive, markOf, type ProcessMark } from './processes.ts';
export { startTemporal, type TemporalOptions, type TemporalServer } from './temporal.ts';
export type { Log } from './progress.ts';
export { findTool, resolveTool, resolveTools, type Tool } from './tools.ts';
export type { ToolName } from './tool-table.ts';
