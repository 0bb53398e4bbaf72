import {
  AttemptState,
  EnvironmentState,
  FAILURE_TYPES,
  FailureType,
  PROVISION_STEPS,
  ProvisionStep,
  SESSION_OUTCOMES,
  SessionOutcome,
  Verdict,
  VERDICTS,
} from '@ckx/contracts';
import type { DataSource } from '@ckx/persistence';
import { Counter, Histogram, type Registry } from 'prom-client';
import { z } from 'zod';

const BATCH = 5_000;
const ENDED_ATTEMPTS = ['graded', 'grading_failed', 'void'] as const;
/** Codes are ours; whatever else a record holds does not become a label. */
const CODE = /^[A-Z][A-Z0-9_]{2,40}$/;

/**
 * Events in the order of their ids, which are given before a transaction commits: the last seconds are left for the next look, so
 * that none is passed over which commits late. Durations come from the session's own events.
 */
const SQL = `
  SELECT e.id::text AS id, e.kind, e.data,
    CASE
      WHEN e.kind = 'transition' AND e.data->>'to' = 'initializing'
        THEN extract(epoch FROM e.at - (SELECT s.created_at FROM exam_sessions s WHERE s.id = e.exam_session_id))
      WHEN e.kind = 'transition' AND e.data->>'to' = 'ready' THEN extract(epoch FROM e.at - (
        SELECT max(p.at) FROM session_events p
        WHERE p.exam_session_id = e.exam_session_id AND p.kind = 'transition' AND p.data->>'to' = 'initializing'))
      WHEN e.kind = 'attempt' AND e.data->>'state' IN ('graded', 'grading_failed') THEN extract(epoch FROM e.at - (
        SELECT max(p.at) FROM session_events p
        WHERE p.exam_session_id = e.exam_session_id AND p.kind = 'attempt' AND p.data->>'state' = 'grading' AND p.id < e.id))
    END::float8 AS seconds,
    CASE WHEN e.kind = 'attempt' AND e.data->>'state' = 'graded' THEN (
      SELECT jsonb_object_agg(v.verdict, v.n) FROM (
        SELECT c.verdict, count(*) AS n FROM exam_attempts a JOIN check_results c ON c.attempt_id = a.id
        WHERE a.exam_session_id = e.exam_session_id GROUP BY c.verdict) v)
    END AS verdicts
  FROM session_events e
  WHERE e.id > $1 AND e.id < coalesce((
    SELECT min(young.id) FROM session_events young WHERE young.id > $1 AND young.at > now() - make_interval(secs => $2)), 9223372036854775807)
  ORDER BY e.id LIMIT ${BATCH}`;

const Row = z.object({
  id: z.string(),
  kind: z.string(),
  data: z.record(z.string(), z.unknown()),
  seconds: z.number().nullable(),
  verdicts: z.partialRecord(Verdict, z.number()).nullable(),
});
type Row = z.infer<typeof Row>;

const Transition = z.union([
  z.object({ to: z.literal('terminated'), outcome: SessionOutcome }),
  z.object({ to: z.literal('failed'), failure: z.object({ type: FailureType, code: z.string() }) }),
  z.object({ to: z.literal(['created', 'initializing', 'ready', 'running']) }),
]);
const Progress = z.object({ step: ProvisionStep, durationMs: z.number().optional() });
const Clock = z.object({ kind: z.enum(['start', 'extension', 'credit']), milliseconds: z.coerce.number() });
const Attempt = z.object({ state: AttemptState, score: z.object({ provisional: z.boolean() }).optional() });
const Environment = z.object({ state: EnvironmentState, warm: z.boolean().optional() });
const Restart = z.object({ state: z.enum(['down', 'up']), ready: z.boolean().optional() });

/**
 * Counters and histograms of what happened since this process was first asked, read from the events of sessions as they come. Each copy
 * of the API counts every event: take the largest, never the sum. What happened before is not counted, so that a deletion of old records
 * is no event, and a restart is an ordinary reset of a counter.
 */
export class Tally {
  readonly #dataSource: DataSource;
  readonly #settleSeconds: number;
  readonly #ended: Counter<'outcome'>;
  readonly #failed: Counter<'type'>;
  readonly #codes: Counter<'code'>;
  readonly #attempts: Counter<'state'>;
  readonly #provisional: Counter;
  readonly #verdicts: Counter<'verdict'>;
  readonly #credits: Counter;
  readonly #creditSeconds: Counter;
  readonly #restarts: Counter<'result'>;
  readonly #lost: Counter;
  readonly #starts: Counter<'from'>;
  readonly #waited: Histogram;
  readonly #booted: Histogram;
  readonly #steps: Histogram<'step'>;
  readonly #graded: Histogram;
  #last: string | null = null;
  #reading: Promise<void> | null = null;

  /** @param settleSeconds events younger than this are left for the next look. */
  constructor(registry: Registry, dataSource: DataSource, settleSeconds = 5) {
    this.#dataSource = dataSource;
    this.#settleSeconds = settleSeconds;
    const registers = [registry];
    const counter = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
      new Counter({ name, help, labelNames, registers });
    const histogram = <T extends string>(name: string, help: string, buckets: number[], ...labelNames: T[]) =>
      new Histogram({ name, help, labelNames, buckets, registers });
    this.#ended = counter('ckx_exam_sessions_terminated_total', 'Sessions that ended, by outcome.', 'outcome');
    this.#failed = counter('ckx_exam_sessions_failed_total', 'Sessions that failed, by class of failure.', 'type');
    this.#codes = counter('ckx_exam_session_failures_total', 'Sessions that failed, by code of failure.', 'code');
    this.#attempts = counter('ckx_attempts_ended_total', 'Attempts that were settled, by state.', 'state');
    this.#provisional = counter('ckx_attempts_provisional_total', 'Attempts that were graded with a provisional score.');
    this.#verdicts = counter('ckx_check_verdicts_total', 'Checks of graded attempts, by verdict.', 'verdict');
    this.#credits = counter('ckx_clock_credits_total', 'Credits that sessions were given on their clock.');
    this.#creditSeconds = counter('ckx_clock_credit_seconds_total', 'Time that sessions were given by credits.');
    this.#restarts = counter(
      'ckx_environment_restarts_total',
      'Parts of environments that died and were started again, by how it went.',
      'result',
    );
    this.#lost = counter('ckx_environments_lost_total', 'Environments that were given up with their host.');
    this.#starts = counter(
      'ckx_environment_starts_total',
      'Sessions that were given an environment, by whether it was there already (warm) or was built for them (cold).',
      'from',
    );
    this.#waited = histogram(
      'ckx_queue_wait_seconds',
      'From a session’s creation to its place on a host.',
      [0.5, 1, 2, 5, 15, 30, 60, 120, 300, 900],
    );
    this.#booted = histogram(
      'ckx_boot_duration_seconds',
      'From a session’s place on a host to ready.',
      [1, 2, 5, 8, 10, 12, 15, 20, 30, 45, 60],
    );
    this.#steps = histogram(
      'ckx_boot_step_duration_seconds',
      'Steps of provisioning.',
      [0.1, 0.25, 0.5, 1, 2, 4, 6, 8, 10, 15, 20, 30, 60],
      'step',
    );
    this.#graded = histogram('ckx_grading_duration_seconds', 'Grading of an attempt.', [1, 2, 5, 10, 20, 30, 60, 120, 300]);
    this.#showZero();
  }

  /** Counts what is new. Two who ask at once share one look. @throws what the database throws; then nothing was counted twice. */
  read(): Promise<void> {
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    return this.#reading;
  }

  /** A series that begins with its first event would hide it: rates need the zero before. */
  #showZero(): void {
    for (const outcome of SESSION_OUTCOMES) this.#ended.inc({ outcome }, 0);
    for (const type of FAILURE_TYPES) this.#failed.inc({ type }, 0);
    for (const state of ENDED_ATTEMPTS) this.#attempts.inc({ state }, 0);
    for (const verdict of VERDICTS) this.#verdicts.inc({ verdict }, 0);
    for (const from of ['warm', 'cold']) this.#starts.inc({ from }, 0);
    for (const result of ['died', 'restored', 'not_restored']) this.#restarts.inc({ result }, 0);
    for (const step of PROVISION_STEPS) this.#steps.zero({ step });
  }

  async #read(): Promise<void> {
    if (this.#last === null) {
      const [row] = z
        .tuple([z.object({ last: z.string() })])
        .parse(await this.#dataSource.query('SELECT coalesce(max(id), 0)::text AS last FROM session_events'));
      this.#last = row.last;
    }
    for (;;) {
      const rows = z.array(Row).parse(await this.#dataSource.query(SQL, [this.#last, this.#settleSeconds]));
      for (const row of rows) {
        // First: what cannot be counted is told once, and does not hold up the rest.
        this.#last = row.id;
        this.#count(row);
      }
      if (rows.length < BATCH) return;
    }
  }

  #count({ kind, data, seconds, verdicts }: Row): void {
    switch (kind) {
      case 'transition':
        return this.#countTransition(Transition.parse(data), seconds);
      case 'progress': {
        const { step, durationMs } = Progress.parse(data);
        if (durationMs !== undefined) this.#steps.observe({ step }, durationMs / 1000);
        return;
      }
      case 'attempt':
        return this.#countAttempt(Attempt.parse(data), seconds, verdicts ?? {});
      case 'clock': {
        const { kind: entry, milliseconds } = Clock.parse(data);
        if (entry !== 'credit') return;
        this.#credits.inc();
        return this.#creditSeconds.inc(milliseconds / 1000);
      }
      case 'environment':
        return this.#countEnvironment(Environment.parse(data));
      case 'restart': {
        const { state, ready } = Restart.parse(data);
        return this.#restarts.inc({ result: state === 'down' ? 'died' : ready === false ? 'not_restored' : 'restored' });
      }
      default:
    }
  }

  #countEnvironment({ state, warm }: z.infer<typeof Environment>): void {
    if (state === 'lost') this.#lost.inc();
    if (warm === true) this.#starts.inc({ from: 'warm' });
    // The first that is told of one that is built for its session.
    else if (state === 'provisioning') this.#starts.inc({ from: 'cold' });
  }

  #countTransition(transition: z.infer<typeof Transition>, seconds: number | null): void {
    switch (transition.to) {
      case 'terminated':
        return this.#ended.inc({ outcome: transition.outcome });
      case 'failed': {
        const { type, code } = transition.failure;
        this.#failed.inc({ type });
        return this.#codes.inc({ code: CODE.test(code) ? code : 'OTHER' });
      }
      case 'initializing':
        return this.#waited.observe(seconds ?? 0);
      case 'ready':
        if (seconds !== null) this.#booted.observe(seconds);
        return;
      default:
    }
  }

  #countAttempt({ state, score }: z.infer<typeof Attempt>, seconds: number | null, verdicts: Partial<Record<Verdict, number>>): void {
    if (state === 'in_progress' || state === 'grading') return;
    this.#attempts.inc({ state });
    if (score?.provisional) this.#provisional.inc();
    if (seconds !== null) this.#graded.observe(seconds);
    for (const verdict of VERDICTS) this.#verdicts.inc({ verdict }, verdicts[verdict] ?? 0);
  }
}
