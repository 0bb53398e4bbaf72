import { type CkxError, isCkxError } from '@ckx/contracts';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';

/** "Not ready yet": expected while an environment boots or its host restarts, and no cause for alarm. */
const BENIGN: readonly string[] = ['KUBECONFIG_MISSING', 'CONTAINER_NOT_RUNNING'];

/**
 * The error as Temporal carries it: the code as type, remedy and details as the first detail. What a person must mend and what is a
 * fault of ours is not retried; the rest is, by the workflow's rule. Errors of unknown origin are left as they are, retried and loud.
 */
export function toFailure(error: unknown): unknown {
  return isCkxError(error) ? ofCkxError(error) : error;
}

function ofCkxError(error: CkxError): ApplicationFailure {
  return ApplicationFailure.create({
    message: error.message,
    type: error.code,
    nonRetryable: error.kind !== 'operational',
    details: [{ ...(error.remedy === undefined ? {} : { remedy: error.remedy }), ...error.details }],
    ...(BENIGN.includes(error.code) ? { category: ApplicationFailureCategory.BENIGN } : {}),
    cause: error,
  });
}
