/** Every workflow, for the worker's bundle. */
export { accessPassReconcileWorkflow } from './access-pass/reconcile.ts';
export { accessPassWorkflow } from './access-pass/workflow.ts';
export { paymentReconcileWorkflow } from './billing/reconcile.ts';
export { examSessionWorkflow } from './exam-session/workflow.ts';
export { hostWorkflow } from './maintenance/host.ts';
export { retentionWorkflow } from './maintenance/retention.ts';
export { sweepWorkflow } from './maintenance/sweep.ts';
export { warmEnvironmentWorkflow } from './warm-pool/workflow.ts';
