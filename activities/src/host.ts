/** Activities of the host role; apart from the index, so that whoever wants types alone loads no Docker client. */
export { createEnvironmentActivities } from './environments/activities.ts';
export { createGradingActivities } from './grading/activities.ts';
export { createHostActivities } from './hosts/activities.ts';
export { createInventoryActivities } from './maintenance/host.ts';
export { createQuestionActivities } from './questions/activities.ts';
/** For activities of tests. */
export { attended } from './attended.ts';
