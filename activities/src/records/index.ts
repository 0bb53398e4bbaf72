import type { DataSource } from '@ckx/persistence';
import type { Client } from '@temporalio/client';
import { createAccessActivities } from '../access/activities.ts';
import type { AccessActivities } from '../access/interface.ts';
import { carry } from '../carry.ts';
import { createMaintenanceRecordActivities } from '../maintenance/records.ts';
import type { MaintenanceRecordActivities } from '../maintenance/interface.ts';
import { admissionRecords } from './admission.ts';
import { attemptRecords } from './attempts.ts';
import { checkRecords } from './checks.ts';
import { environmentRecords } from './environments.ts';
import { hostRecords } from './hosts.ts';
import type { RecordActivities } from './interface.ts';
import { wakeNext } from './queue.ts';
import { retentionRecords } from './retention.ts';
import { sessionRecords } from './sessions.ts';
import { tellKeepers, warmRecords } from './warm.ts';

export interface RecordDependencies {
  readonly dataSource: DataSource;
  readonly client: Client;
  /** Bound over all hosts. */
  readonly maxConcurrentSessions: number;
}

/** The control role's activities: the only writers of a session's records. */
export function createRecordActivities({
  dataSource,
  client,
  maxConcurrentSessions,
}: RecordDependencies): RecordActivities & MaintenanceRecordActivities & AccessActivities {
  const wake = () => wakeNext(dataSource, client, maxConcurrentSessions);
  const { admitSession } = admissionRecords(dataSource, {
    maxConcurrentSessions,
    wake,
    tell: (ids) => tellKeepers(client, ids),
  });
  const { recordTransition, recordProgress, recordRestart, recordClock } = sessionRecords(dataSource, wake);
  const { beginAttempt, recordQuestionResult, recordSecondGrading, recordAttempt } = attemptRecords(dataSource);
  const { recordQuestionCheck } = checkRecords(dataSource);
  const { recordEnvironment, recordDesktop, moveEnvironment, moveDesktop, releaseEnvironment } = environmentRecords(dataSource, wake);
  const { recordHost } = hostRecords(dataSource, wake);
  const { recordWarm, reviewWarm } = warmRecords(dataSource, wake);
  const { deleteExpired } = retentionRecords(dataSource);
  return {
    ...createMaintenanceRecordActivities({ dataSource, client, maxConcurrentSessions }),
    ...createAccessActivities({ dataSource, client }),
    admitSession: carry(admitSession),
    recordTransition: carry(recordTransition),
    recordProgress: carry(recordProgress),
    recordRestart: carry(recordRestart),
    recordClock: carry(recordClock),
    beginAttempt: carry(beginAttempt),
    recordQuestionResult: carry(recordQuestionResult),
    recordSecondGrading: carry(recordSecondGrading),
    recordQuestionCheck: carry(recordQuestionCheck),
    recordAttempt: carry(recordAttempt),
    recordEnvironment: carry(recordEnvironment),
    recordDesktop: carry(recordDesktop),
    moveEnvironment: carry(moveEnvironment),
    moveDesktop: carry(moveDesktop),
    releaseEnvironment: carry(releaseEnvironment),
    recordWarm: carry(recordWarm),
    reviewWarm: carry(reviewWarm),
    recordHost: carry(recordHost),
    deleteExpired: carry(deleteExpired),
  };
}
