import { z } from 'zod';

/** Lifecycle of an exam session (design §4). */
export const SESSION_STATES = ['created', 'initializing', 'ready', 'running', 'terminated', 'failed'] as const;
export const SessionState = z.enum(SESSION_STATES);
export type SessionState = z.infer<typeof SessionState>;

/** Why a session is `terminated`. */
export const SESSION_OUTCOMES = ['submitted', 'expired', 'cancelled', 'terminated_by_admin', 'abandoned'] as const;
export const SessionOutcome = z.enum(SESSION_OUTCOMES);
export type SessionOutcome = z.infer<typeof SessionOutcome>;

/** The four classes of failure (plan seed, 4.1). */
export const FAILURE_TYPES = ['init', 'runtime', 'access', 'infra'] as const;
export const FailureType = z.enum(FAILURE_TYPES);
export type FailureType = z.infer<typeof FailureType>;

/** Why a session is `failed`: a class, a stable code, and a reason a person can read. */
export const Failure = z.object({
  type: FailureType,
  code: z.string(),
  reason: z.string(),
  /** The step of provisioning that was stuck, for `init`. */
  step: z.string().optional(),
  /** What to do about it, for the person who reads it. */
  remedy: z.string().optional(),
});
export type Failure = z.infer<typeof Failure>;

export const ATTEMPT_STATES = ['in_progress', 'grading', 'graded', 'grading_failed', 'void'] as const;
export const AttemptState = z.enum(ATTEMPT_STATES);
export type AttemptState = z.infer<typeof AttemptState>;

export const ENVIRONMENT_STATES = ['provisioning', 'ready', 'bound', 'destroying', 'destroyed', 'lost'] as const;
export const EnvironmentState = z.enum(ENVIRONMENT_STATES);
export type EnvironmentState = z.infer<typeof EnvironmentState>;

export const VERDICTS = ['passed', 'failed', 'errored'] as const;
export const Verdict = z.enum(VERDICTS);
export type Verdict = z.infer<typeof Verdict>;

export const PORT_KINDS = ['vnc', 'sshTerminal', 'sshJumphost', 'k8sApi'] as const;
export const PortKind = z.enum(PORT_KINDS);
export type PortKind = z.infer<typeof PortKind>;

/** A session's ports on its host, as clients read them (design §5). */
export const SessionPorts = z.object({
  vnc: z.int(),
  sshTerminal: z.int(),
  sshJumphost: z.int(),
  k8sApi: z.int(),
});
export type SessionPorts = z.infer<typeof SessionPorts>;

/** The steps of provisioning, in the order in which a client is shown them. */
export const PROVISION_STEPS = ['admitted', 'containers', 'control_plane', 'node_ready', 'workloads', 'terminal', 'questions'] as const;
export const ProvisionStep = z.enum(PROVISION_STEPS);
export type ProvisionStep = z.infer<typeof ProvisionStep>;

export const ROLES = ['candidate', 'admin'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;
