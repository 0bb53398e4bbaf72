import { CkxError } from '@ckx/contracts';

/**
 * HTTP status of every code that the API answers on purpose. A code that is not listed gets its kind's: user 400, operational 503,
 * bug 500.
 */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  VALIDATION_FAILED: 400,
  ACCOUNT_TOKEN_INVALID: 400,
  SIGNATURE_INVALID: 400,
  UNAUTHENTICATED: 401,
  SERVICE_UNAUTHENTICATED: 401,
  INVALID_CREDENTIALS: 401,
  REFRESH_TOKEN_INVALID: 401,
  ADMIN_ONLY: 403,
  ORIGIN_REFUSED: 403,
  EMAIL_NOT_VERIFIED: 403,
  PASSWORD_WRONG: 403,
  ACCESS_DENIED: 403,
  OWNER_ONLY: 403,
  PASS_REQUIRED: 403,
  LAB_UNKNOWN: 404,
  LAB_PACK_UNKNOWN: 404,
  BLOB_UNKNOWN: 404,
  RESULT_UNKNOWN: 404,
  RECORDING_UNKNOWN: 404,
  POSITION_UNKNOWN: 404,
  OBJECTS_UNKNOWN: 404,
  WORKFLOW_UNKNOWN: 404,
  HOST_UNKNOWN: 404,
  USER_UNKNOWN: 404,
  PASS_UNKNOWN: 404,
  PASS_TYPE_UNKNOWN: 404,
  PAYMENT_UNKNOWN: 404,
  CHECKOUT_UNKNOWN: 404,
  SANDBOX_OFF: 404,
  MAIL_UNKNOWN: 404,
  SIGN_IN_UNKNOWN: 404,
  EMAIL_TAKEN: 409,
  PAYMENTS_NOT_CONFIGURED: 409,
  SANDBOX_REFUSED: 409,
  SUPPORT_NOT_CONFIGURED: 409,
  SESSION_ENDING: 409,
  LAST_ADMIN: 409,
  EXPORT_TOO_LARGE: 409,
  PASS_ALREADY_ACTIVATED: 409,
  PASS_OVER: 409,
  PASS_ID_TAKEN: 409,
  SESSION_ACTIVE: 409,
  SESSION_NOT_READY: 409,
  ILLEGAL_TRANSITION: 409,
  SESSION_ENDED: 409,
  SESSION_OVER: 409,
  DEADLINE_PASSED: 409,
  ENVIRONMENT_NOT_READY: 409,
  EXTENSION_REFUSED: 409,
  CREDIT_REFUSED: 409,
  GRADING_UNDER_WAY: 409,
  PRACTICE_ONLY: 409,
  SESSION_NOT_RUNNING: 409,
  CHECK_UNDER_WAY: 409,
  NO_HINTS_LEFT: 409,
  NOTHING_TO_REGRADE: 409,
  NOTHING_TO_VOID: 409,
  SSH_KEY_ISSUED: 409,
  BODY_TOO_LARGE: 413,
  MEDIA_TYPE_MISSING: 415,
  DIGEST_MISMATCH: 422,
  ARCHIVE_REFUSED: 422,
  LAB_PACK_INVALID: 422,
  EVENT_REFUSED: 422,
  DRILL_DOMAIN_UNKNOWN: 422,
  DRILL_TOO_LARGE: 422,
  DRILL_WITHOUT_RESULTS: 422,
  TOO_MANY_REQUESTS: 429,
  CHECKED_JUST_NOW: 429,
  QUOTA_REACHED: 429,
  QUEUE_FULL: 503,
  MAINTENANCE: 503,
};

export function statusOf(error: CkxError): number {
  const status = STATUS_OF_CODE[error.code];
  if (status !== undefined) return status;
  switch (error.kind) {
    case 'user':
      return 400;
    case 'operational':
      return 503;
    case 'bug':
      return 500;
  }
}

/** Without a usable access token. */
export function unauthenticated(reason: string): CkxError {
  return new CkxError('user', 'UNAUTHENTICATED', reason, {
    remedy: 'Send an access token of POST /api/v1/auth/login as `Authorization: Bearer …`.',
  });
}

/** Body, parameters or query that do not fit their schema. */
export class ValidationError extends CkxError {
  readonly errors: readonly { path: string; message: string }[];

  constructor(errors: readonly { path: string; message: string }[]) {
    super('user', 'VALIDATION_FAILED', errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; '), {
      remedy: 'See /api/docs for what this path takes.',
    });
    this.errors = errors;
  }
}
