/** Access passes as Postgres has them (design §6): the one place where it is decided who may start a full lab, and what a pass is. */
export { activatePass, usePass, type UsedPass } from './activate.ts';
export { grantPass } from './grant.ts';
export { revokePass } from './revoke.ts';
export { compensate } from './void.ts';
export { expirePass, hearPass, remindOfEnd } from './expire.ts';
export { recordPaid, recordReinstated, recordReversed, recordUnpaid } from './payments.ts';
export { accessStatus, listPasses } from './status.ts';
export { findUnheard, inputOf, listOpen, type OpenPass } from './missed.ts';
