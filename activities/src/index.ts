export type { RecordActivities } from './records/interface.ts';
export type { EnvironmentActivities } from './environments/interface.ts';
export type { GradingActivities } from './grading/interface.ts';
export type { QuestionActivities } from './questions/interface.ts';
export type { HostActivities } from './hosts/interface.ts';
export type { InventoryActivities, MaintenanceRecordActivities } from './maintenance/interface.ts';
export type { BillingActivities } from './billing/interface.ts';
export type { AccessActivities, PassRecord } from './access/interface.ts';
