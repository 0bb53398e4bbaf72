/** Every workflow, for the worker's bundle. */
export { examSessionWorkflow } from './exam-session/workflow.ts';
export { hostWorkflow } from './maintenance/host.ts';
export { sweepWorkflow } from './maintenance/sweep.ts';
