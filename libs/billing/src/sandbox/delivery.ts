import { CkxError } from '@ckx/contracts';
import type { DataSource } from '@ckx/persistence';
import { z } from 'zod';
import { signEvent } from '../event.ts';

const TIMEOUT_MS = 10_000;
/** Taken for longer than any attempt lasts: other copies of the API, or this one after a crash, look at it only then. */
const CLAIM = `
  UPDATE sandbox_events SET attempts = attempts + 1, next_attempt_at = now() + interval '15 seconds'
   WHERE id = (SELECT id FROM sandbox_events
                WHERE delivered_at IS NULL AND ($1::text IS NULL OR checkout_id = $1) AND ($1::text IS NOT NULL OR next_attempt_at <= now())
                ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     AND delivered_at IS NULL
  RETURNING id, type, object_id AS "objectId", created_at AS "createdAt"`;
/** 2 s, 4 s, 8 s … up to an hour, for as long as it takes. */
const FAILED = `UPDATE sandbox_events SET failure = $2, next_attempt_at = now() + least(interval '1 hour', interval '2 seconds' * 2 ^ least(attempts - 1, 11))
   WHERE id = $1 AND delivered_at IS NULL`;

const Claimed = z.object({ id: z.string(), type: z.string(), objectId: z.string(), createdAt: z.date() });
type Claimed = z.infer<typeof Claimed>;

export interface Delivery {
  readonly dataSource: DataSource;
  /** The webhook's full address. */
  readonly url: string;
  readonly secret: string;
}

/**
 * Sends one event to the webhook, as Stripe would: signed, over HTTP, again and again until it is taken.
 *
 * @param checkoutId one of this checkout's, due or not; of any that is due where null.
 * @returns false where there was none. @throws CkxError operational `EVENT_NOT_TAKEN`; it will be tried again.
 */
export async function deliverNext({ dataSource, url, secret }: Delivery, checkoutId: string | null = null): Promise<boolean> {
  const [rows] = z.tuple([z.array(Claimed), z.number()]).parse(await dataSource.query(CLAIM, [checkoutId]));
  const [event] = rows;
  if (event === undefined) return false;
  const failure = await send(event, url, secret);
  if (failure !== null) {
    await dataSource.query(FAILED, [event.id, failure.slice(0, 500)]);
    throw new CkxError('operational', 'EVENT_NOT_TAKEN', `The webhook did not take event ${event.id}: ${failure}`, {
      remedy: 'It is sent again by itself.',
    });
  }
  await dataSource.query(`UPDATE sandbox_events SET delivered_at = now(), failure = NULL WHERE id = $1`, [event.id]);
  return true;
}

/** @returns null where it was taken, else why not. */
async function send({ id, type, objectId, createdAt }: Claimed, url: string, secret: string): Promise<string | null> {
  const body = JSON.stringify({
    id,
    object: 'event',
    type,
    created: Math.floor(createdAt.getTime() / 1_000),
    livemode: false,
    data: { object: { id: objectId } },
  });
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signEvent(body, secret) },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      redirect: 'error',
    });
    return response.ok ? null : `${response.status} ${await response.text()}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
