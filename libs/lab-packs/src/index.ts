export type { LabPack } from './pack.ts';
