/**
 * Many deliveries of few purchases, shuffled and doubled, while API and control worker are killed with -9 at random: every purchase must
 * come to exactly one pass and one receipt. What is not taken is sent again, as Stripe would.
 */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { signEvent } from '@ckx/billing';
import { CheckoutView } from '@ckx/contracts';
import { PAYMENT_RECONCILE_WORKFLOW } from '@ckx/contracts/payment-reconcile-workflow';
import { EXAM_SESSIONS_TASK_QUEUE } from '@ckx/contracts/task-queues';
import { StripePeer, type StripeEvent } from '@ckx/test-support/stripe-peer';
import { Client as TemporalClient, Connection } from '@temporalio/client';
import { Client as PgClient } from 'pg';
import { z } from 'zod';
import { insertCandidates, type Candidate } from '../load/candidates.ts';
import { between, chance } from '../load/chance.ts';
import { Kills } from '../load/kills.ts';
import { startPlane, type Plane } from './plane.ts';

const WEBHOOK_SECRET = 'whsec_of_the_storm_0123456789';
const JWT_SECRET = 'a secret of the storm, at least 32 characters';
const AT_ONCE = 12;
/** Between two kills; and how long a process serves before it dies, so that some work is done on a busy machine too. */
const KILL_PAUSE_MS = { least: 0, most: 3_000 };
const SERVES_MS = { least: 500, most: 5_000 };
/** What was told has this long to come to a pass, after the last kill. */
const SETTLES_WITHIN_MS = 180_000;

export interface StormOptions {
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  readonly purchases: number;
  readonly deliveries: number;
  /** Further purchases that no webhook tells of. */
  readonly untold: number;
  readonly seed: string;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export interface StormReport {
  readonly deliveries: number;
  /** Deliveries that were not taken at first. */
  readonly repeated: number;
  readonly kills: number;
  readonly seconds: number;
  readonly counts: Counts;
}

const Counts = z.object({ payments: z.int(), paid: z.int(), passes: z.int(), receipts: z.int(), owners: z.int(), problems: z.int() });
export type Counts = z.infer<typeof Counts>;
const COUNTS = `
  SELECT (SELECT count(*)::int FROM payments) AS payments,
         (SELECT count(*)::int FROM payments WHERE status = 'paid') AS paid,
         (SELECT count(*)::int FROM access_passes WHERE status = 'purchased') AS passes,
         (SELECT count(*)::int FROM mails WHERE kind = 'receipt') AS receipts,
         (SELECT count(DISTINCT a.user_id)::int FROM access_passes a JOIN payments p ON p.pass_id = a.id AND p.user_id = a.user_id) AS owners,
         (SELECT count(*)::int FROM payments WHERE problem IS NOT NULL OR status NOT IN ('open', 'paid')) AS problems`;

/** Returns once nothing is left to be told, with what came of it. @throws Error where it does not settle. */
export async function storm(options: StormOptions): Promise<StormReport> {
  const { purchases, untold, deliveries, seed, signal, say, databaseUrl } = options;
  await using cleanup = new AsyncDisposableStack();
  const peer = cleanup.use(await StripePeer.start());
  const plane = cleanup.use(await startPlane({ ...options, stripeUrl: peer.url, webhookSecret: WEBHOOK_SECRET, jwtSecret: JWT_SECRET }));
  const pg = new PgClient({ connectionString: databaseUrl });
  await pg.connect();
  cleanup.defer(() => pg.end());
  const candidates = await insertCandidates(pg, purchases + untold, { apiUrl: plane.apiUrl, jwtSecret: JWT_SECRET });
  const checkouts = await inPool(candidates, (candidate) => begin(candidate));
  say(`${checkouts.length} checkouts begun`);
  for (const id of checkouts.slice(purchases)) peer.pay(id);

  const begun = Date.now();
  const kills = new Kills();
  const lifetime = (name: string) => between(SERVES_MS.least, SERVES_MS.most, seed, name, kills.done.length);
  const strikes = Object.fromEntries(plane.names.map((name) => [name, () => plane.kill(name, lifetime(name))]));
  kills.start({ strikes, pauseMs: KILL_PAUSE_MS, seed, say });
  cleanup.defer(() => kills.stop());
  const events = shuffled(eventsOf(peer, checkouts.slice(0, purchases), deliveries, seed), seed);
  let [done, repeated] = [0, 0];
  await inPool(events, async (event) => {
    for (let attempt = 0; !(await deliver(plane, event)); attempt += 1) {
      signal.throwIfAborted();
      if (attempt === 0) repeated += 1;
      await sleep(between(100, 1_500, seed, event.id, attempt));
    }
    done += 1;
    if (done % 1_000 === 0) say(`${done} of ${events.length} deliveries taken`);
  });
  await kills.stop();
  await plane.untilReady();
  if (untold > 0) await reconcileOnce(options);
  const counts = await settled(pg, purchases + untold);
  return { deliveries: done, repeated, kills: kills.done.length, seconds: (Date.now() - begun) / 1_000, counts };
}

async function begin({ client }: Candidate): Promise<string> {
  const answer = await client.send('POST', '/billing/checkout', { passTypeId: '38_hours' });
  return CheckoutView.parse(answer.body).checkoutSessionId;
}

/** Each purchase is told of about equally often; some events are old news: of a checkout that expired, or a payment under way. */
function eventsOf(peer: StripePeer, checkouts: readonly string[], deliveries: number, seed: string): StripeEvent[] {
  const told = checkouts.map((id) => [peer.payLater(id), peer.arrive(id), peer.pay(id), peer.event('checkout.session.expired', id)]);
  return Array.from({ length: deliveries }, (_, number) => {
    const ofOne = told[number % told.length] ?? [];
    const event = ofOne[Math.floor(chance(seed, number, 'which') * ofOne.length)];
    if (event === undefined) throw new Error('There is no purchase to tell of.');
    return event;
  });
}

async function deliver({ apiUrl }: Plane, event: StripeEvent): Promise<boolean> {
  const body = JSON.stringify(event);
  const headers = { 'content-type': 'application/json', 'stripe-signature': signEvent(body, WEBHOOK_SECRET) };
  const request = { method: 'POST', headers, body, signal: AbortSignal.timeout(20_000) };
  const status = await fetch(`${apiUrl}/api/v1/billing/webhook`, request).then(
    async (response) => {
      await response.arrayBuffer();
      return response.status;
    },
    () => null,
  );
  if (status !== null && status >= 400 && status < 500) throw new Error(`A good event was refused with ${status}.`);
  return status === 200;
}

/** As the schedule does every hour. */
async function reconcileOnce({ temporalAddress: address, temporalNamespace: namespace }: StormOptions): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    const client = new TemporalClient({ connection, namespace });
    const options = { workflowId: 'payment-reconcile/storm', taskQueue: EXAM_SESSIONS_TASK_QUEUE, args: [] };
    await client.workflow.execute(PAYMENT_RECONCILE_WORKFLOW, options);
  } finally {
    await connection.close();
  }
}

/** Waits until there are as many passes as there should be, and then for a while longer: there must not be more. */
async function settled(pg: PgClient, expected: number): Promise<Counts> {
  const end = Date.now() + SETTLES_WITHIN_MS;
  for (;;) {
    const counts = await count(pg);
    if (counts.receipts >= expected && counts.passes >= expected) break;
    if (Date.now() > end) return counts;
    await sleep(500);
  }
  await sleep(3_000);
  return count(pg);
}

async function count(pg: PgClient): Promise<Counts> {
  return Counts.parse((await pg.query(COUNTS)).rows[0]);
}

function shuffled<T>(items: readonly T[], seed: string): T[] {
  const key = (index: number) => createHash('sha256').update(`${seed} ${index}`).digest('hex');
  return items
    .map((item, index) => ({ item, at: key(index) }))
    .toSorted((one, other) => (one.at < other.at ? -1 : 1))
    .map(({ item }) => item);
}

async function inPool<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
