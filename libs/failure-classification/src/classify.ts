import { ProvisionStep, type Failure, type FailureType } from '@ckx/contracts';
import { z } from 'zod';
import { FALLBACKS, RULES, STEP_NAMES, type Rule } from './rules.ts';

export interface FailureContext {
  /** Where the caller knows the class: it wins over what code and step say. */
  readonly type?: FailureType | undefined;
  /** The step of provisioning that was under way. */
  readonly step?: string | undefined;
  /** Where the caller knows the code: it wins over the cause's. */
  readonly code?: string | undefined;
  /** What was thrown: an error of ours, of the workflow engine, or anything else. */
  readonly cause: unknown;
}

/**
 * An error, read by its form and not by its class: in a workflow it has crossed a process boundary. Errors of ours arrive as
 * application failures with the code as `type` and the remedy in the first of `details`.
 */
const Thrown = z.object({
  name: z.string().catch('Error'),
  message: z.string().catch(''),
  code: z.string().optional().catch(undefined),
  type: z.string().nullish().catch(undefined),
  timeoutType: z.string().optional().catch(undefined),
  remedy: z.string().optional().catch(undefined),
  details: z.array(z.unknown()).optional().catch(undefined),
  cause: z.unknown().optional(),
});

const Detail = z.object({ remedy: z.string() });
const CODE = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/;
/** Deep enough for activity failure → application failure → cause; an error that is its own cause ends. */
const MAX_DEPTH = 8;

interface Found {
  readonly code: string | undefined;
  readonly message: string;
  readonly remedy: string | undefined;
}

function codeOf(thrown: z.infer<typeof Thrown>): string | undefined {
  switch (thrown.timeoutType) {
    case undefined:
      return [thrown.type, thrown.code].find((code) => code != null && CODE.test(code)) ?? undefined;
    case 'SCHEDULE_TO_START':
      return 'HOST_UNREACHABLE';
    case 'HEARTBEAT':
      return 'HOST_SILENT';
    default:
      return 'STEP_TIMEOUT';
  }
}

/** Goes down the chain of causes to the first error with a code; without one, the last says what happened. */
function findCode(cause: unknown): Found {
  let message = typeof cause === 'string' ? cause : '';
  let current: unknown = cause;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    const { data: thrown } = Thrown.safeParse(current);
    if (thrown === undefined) break;
    message = thrown.message || message;
    const code = codeOf(thrown);
    if (code !== undefined) return { code, message, remedy: thrown.remedy ?? Detail.safeParse(thrown.details?.[0]).data?.remedy };
    current = thrown.cause;
  }
  return { code: undefined, message, remedy: undefined };
}

function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/**
 * Sorts what went wrong into `init`, `runtime`, `access` or `infra`, with a stable code, a reason and a remedy for the person who
 * reads it. Pure: the same context gives the same failure, so a workflow may call it.
 *
 * What decides the class, in order: the caller's `type`; a code of class `infra` or `access`; a step of provisioning, which means
 * `init`; the code's class; `runtime`.
 */
export function classify(context: FailureContext): Failure {
  const found = findCode(context.cause);
  const code = context.code ?? found.code;
  const step = ProvisionStep.safeParse(context.step).data;
  const known: Rule | undefined = code === undefined ? undefined : RULES[code];
  const type = context.type ?? typeByTable(known, step);
  const fallback = FALLBACKS[type];

  const what = known?.reason ?? (found.message === '' ? 'Something went wrong that CKX does not know.' : found.message);
  const reason = step === undefined ? sentence(what) : `While ${STEP_NAMES[step]}: ${sentence(what)}`;
  return {
    type,
    code: code ?? fallback.code,
    reason,
    ...(context.step === undefined ? {} : { step: context.step }),
    remedy: known?.remedy ?? found.remedy ?? fallback.rule.remedy,
  };
}

function typeByTable(known: Rule | undefined, step: ProvisionStep | undefined): FailureType {
  if (known?.type === 'infra' || known?.type === 'access') return known.type;
  // A terminal that does not answer, or a limit of time, belongs to what was going on: the making of the environment, or its use.
  return step !== undefined ? 'init' : (known?.type ?? 'runtime');
}
