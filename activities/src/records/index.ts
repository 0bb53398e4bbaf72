import type { DataSource } from '@ckx/persistence';
import type { Client } from '@temporalio/client';
import { toFailure } from '../failure.ts';
import { admissionRecords } from './admission.ts';
import { attemptRecords } from './attempts.ts';
import { environmentRecords } from './environments.ts';
import { hostRecords } from './hosts.ts';
import type { RecordActivities } from './interface.ts';
import { wakeNext } from './queue.ts';
import { sessionRecords } from './sessions.ts';

export interface RecordDependencies {
  readonly dataSource: DataSource;
  readonly client: Client;
  /** Bound over all hosts. */
  readonly maxConcurrentSessions: number;
}

/** The control role's activities: the only writers of a session's records. */
export function createRecordActivities({ dataSource, client, maxConcurrentSessions }: RecordDependencies): RecordActivities {
  const wake = () => wakeNext(dataSource, client);
  return carryFailures({
    ...admissionRecords(dataSource, { maxConcurrentSessions, wake }),
    ...sessionRecords(dataSource),
    ...attemptRecords(dataSource),
    ...environmentRecords(dataSource, wake),
    ...hostRecords(dataSource, wake),
  });
}

/** The same activities, whose errors Temporal can carry. */
function carryFailures(activities: RecordActivities): RecordActivities {
  const carrying = Object.entries(activities).map(([name, activity]) => [
    name,
    async (request: never) => {
      try {
        return await activity(request);
      } catch (error) {
        throw toFailure(error);
      }
    },
  ]);
  return Object.fromEntries(carrying);
}
