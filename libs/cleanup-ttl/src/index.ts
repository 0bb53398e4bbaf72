/** What has no owner and what is overdue. Pure: what reads Postgres and Temporal is in `./records`. */
export type { EnvironmentLook, HostLook, Look, SessionLook, WorkflowState } from './look.ts';
export { abandonedAt, ownerOf, ownerOfSession, type Owner } from './owners.ts';
export { findingsOf, type Findings } from './findings.ts';
export { decide, type Decision, type DecisionRules } from './decide.ts';
