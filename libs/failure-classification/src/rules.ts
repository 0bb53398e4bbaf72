import type { FailureType, ProvisionStep } from '@ckx/contracts';

export interface Rule {
  readonly type: FailureType;
  /** A sentence for the candidate; the error's own where absent. */
  readonly reason?: string;
  readonly remedy: string;
}

const START_AGAIN = 'Start the session again; it counts against nothing.';
const TELL_OPERATOR = 'Start the session again in a few minutes; if it happens again, tell the operator of this installation.';

/**
 * What each code that a session may fail of means. `infra` is whatever serves sessions (host, engine, database), `init` the making
 * of one session's environment, `access` a right that is missing, `runtime` an environment that failed while it was used.
 */
export const RULES: Readonly<Record<string, Rule>> = {
  // Time that ran out, as the workflow sees it.
  PROVISION_TIMEOUT: { type: 'init', remedy: START_AGAIN },
  STEP_TIMEOUT: { type: 'runtime', reason: 'A step took longer than it may.', remedy: START_AGAIN },
  HOST_UNREACHABLE: { type: 'infra', reason: 'The machine that serves this session does not answer.', remedy: TELL_OPERATOR },
  HOST_SILENT: { type: 'infra', reason: 'The machine that serves this session stopped answering.', remedy: TELL_OPERATOR },

  // The host and its engine.
  ENGINE_UNAVAILABLE: { type: 'infra', reason: 'The container engine of the machine does not answer.', remedy: TELL_OPERATOR },
  ENGINE_NOT_RUNNING: { type: 'infra', reason: 'The container engine of the machine is not running.', remedy: TELL_OPERATOR },
  ENGINE_NOT_PERMITTED: { type: 'infra', reason: 'The worker may not use the container engine of the machine.', remedy: TELL_OPERATOR },
  ENGINE_FAILED: { type: 'infra', remedy: TELL_OPERATOR },
  PORTS_EXHAUSTED: { type: 'infra', remedy: TELL_OPERATOR },
  SUBNETS_EXHAUSTED: { type: 'infra', remedy: TELL_OPERATOR },
  DATABASE_UNAVAILABLE: { type: 'infra', reason: 'The database does not answer.', remedy: TELL_OPERATOR },
  TEMPORAL_UNAVAILABLE: { type: 'infra', reason: 'The workflow service does not answer.', remedy: TELL_OPERATOR },
  // A host asks the control plane for packs: what stands between them is ours, and its details are in the logs.
  SERVICE_UNREACHABLE: { type: 'infra', reason: 'The machine that serves this session does not reach the API.', remedy: TELL_OPERATOR },
  SERVICE_REFUSED: { type: 'infra', reason: 'The API refused the machine that serves this session.', remedy: TELL_OPERATOR },
  BLOB_REFUSED: { type: 'infra', reason: 'The API did not give out what this session needs.', remedy: TELL_OPERATOR },
  BLOB_DAMAGED: { type: 'infra', reason: 'What the API gave out was damaged.', remedy: TELL_OPERATOR },
  LAB_PACK_DAMAGED: { type: 'infra', reason: 'The lab as it is kept is damaged.', remedy: TELL_OPERATOR },
  NODE_GONE: { type: 'infra', reason: 'A node of this session’s cluster is no longer there.', remedy: TELL_OPERATOR },
  NODE_EXITED: { type: 'infra', reason: 'A node of this session’s cluster ended.', remedy: TELL_OPERATOR },

  RESTARTS_EXHAUSTED: { type: 'infra', remedy: START_AGAIN },

  // Making one environment.
  IMAGE_MISSING: { type: 'init', remedy: TELL_OPERATOR },
  PORT_IN_USE: { type: 'init', remedy: START_AGAIN },
  SUBNET_IN_USE: { type: 'init', remedy: START_AGAIN },
  NAME_TAKEN: { type: 'init', remedy: TELL_OPERATOR },
  KUBECONFIG_MISSING: { type: 'init', reason: 'The Kubernetes API did not come up.', remedy: START_AGAIN },
  CONTAINER_NOT_RUNNING: { type: 'init', remedy: START_AGAIN },
  LAB_PACK_INVALID: { type: 'init', remedy: 'Choose another lab; the operator has to mend this one.' },
  LAB_PACK_CHANGED: { type: 'init', reason: 'This lab was changed after the session was started.', remedy: START_AGAIN },
  QUESTION_SETUP_FAILED: { type: 'init', remedy: 'Choose another lab; the operator has to mend this one.' },

  // Using it.
  TERMINAL_UNREACHABLE: { type: 'runtime', reason: 'The terminal of this session does not answer.', remedy: START_AGAIN },
  TERMINAL_REFUSED: { type: 'runtime', reason: 'The terminal of this session refused the connection.', remedy: START_AGAIN },
  LIMIT_REACHED: { type: 'runtime', remedy: 'Start the session again, and use less of what had run out.' },
  EXEC_STUCK: { type: 'runtime', remedy: START_AGAIN },

  // Rights.
  ACCESS_DENIED: { type: 'access', remedy: 'Sign in as the owner of the session.' },
  IDENTITY_INVALID: { type: 'access', remedy: 'Sign in again, and start the session from the catalogue.' },
  IDENTITY_MISSING: { type: 'access', remedy: 'Sign in again, and start the session from the catalogue.' },
};

/** Where no code says more: the class, a code of its own, and what to do. */
export const FALLBACKS: Readonly<Record<FailureType, { readonly code: string; readonly rule: Rule }>> = {
  init: { code: 'INIT_FAILED', rule: { type: 'init', remedy: START_AGAIN } },
  runtime: { code: 'RUNTIME_FAILED', rule: { type: 'runtime', remedy: TELL_OPERATOR } },
  access: { code: 'ACCESS_FAILED', rule: { type: 'access', remedy: 'Check that you are signed in and may take this lab.' } },
  infra: { code: 'INFRA_FAILED', rule: { type: 'infra', remedy: TELL_OPERATOR } },
};

/** What was being done, to put before a reason. */
export const STEP_NAMES: Readonly<Record<ProvisionStep, string>> = {
  admitted: 'giving the session its place',
  containers: 'starting the containers',
  control_plane: 'starting the Kubernetes API',
  node_ready: 'waiting for the node',
  workloads: 'waiting for the first container',
  terminal: 'opening the terminal',
  questions: 'setting up the questions',
};
