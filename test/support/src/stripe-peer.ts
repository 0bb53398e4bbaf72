/**
 * Stripe, as far as a checkout needs it: a server on loopback that keeps sessions, charges and disputes, and makes the events that tell of
 * them. stripe-mock checks the shape of what is asked; this one remembers, so that what was paid can be asked for.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text as readAll } from 'node:stream/consumers';

interface Session {
  readonly id: string;
  readonly intentId: string;
  readonly chargeId: string;
  readonly disputeId: string;
  readonly createdAt: number;
  readonly clientReferenceId: string | null;
  readonly metadata: Record<string, string>;
  readonly successUrl: string;
  amountCents: number;
  currency: string;
  status: 'open' | 'complete' | 'expired';
  paymentStatus: 'unpaid' | 'paid';
  paidAt: number | null;
  refundedCents: number;
  dispute: string | null;
}

export interface StripeEvent {
  readonly id: string;
  readonly object: 'event';
  readonly type: string;
  readonly created: number;
  readonly livemode: boolean;
  readonly account?: string;
  readonly data: { readonly object: { readonly id: string } };
}

const seconds = () => Math.floor(Date.now() / 1_000);
const random = () => randomBytes(12).toString('hex');

export class StripePeer implements AsyncDisposable {
  readonly sessions = new Map<string, Session>();
  /** Every request that came, `METHOD path`. */
  readonly asked: string[] = [];
  /** Answers every request with 500 while it is set. */
  isDown = false;
  readonly #keys = new Map<string, { body: string; id: string }>();
  readonly #server = createServer((request, response) => {
    this.#answer(request, response).catch((error: unknown) =>
      send(response, 500, { error: { type: 'api_error', message: String(error) } }),
    );
  });
  #url = '';

  static async start(): Promise<StripePeer> {
    const peer = new StripePeer();
    peer.#server.listen(0, '127.0.0.1');
    await once(peer.#server, 'listening');
    const address = peer.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    peer.#url = `http://127.0.0.1:${address.port}`;
    return peer;
  }

  /** For STRIPE_API_BASE. */
  get url(): string {
    return this.#url;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  /** A session that nobody of ours asked for. */
  foreign(clientReferenceId: string | null = null, metadata: Record<string, string> = {}): string {
    return this.#insert({ clientReferenceId, metadata, amountCents: 499, currency: 'usd', successUrl: 'https://example.org' }).id;
  }

  /** The candidate pays; the card's money is there at once. */
  pay(id: string, paid: { amountCents?: number; currency?: string } = {}): StripeEvent {
    return this.#change(id, 'checkout.session.completed', (session) => this.#take(session, paid));
  }

  /** By a method that takes its time. */
  payLater(id: string): StripeEvent {
    return this.#change(id, 'checkout.session.completed', (session) => void (session.status = 'complete'));
  }

  arrive(id: string): StripeEvent {
    return this.#change(id, 'checkout.session.async_payment_succeeded', (session) => this.#take(session, {}));
  }

  bounce(id: string): StripeEvent {
    return this.#change(id, 'checkout.session.async_payment_failed', () => undefined);
  }

  expire(id: string): StripeEvent {
    return this.#change(id, 'checkout.session.expired', (session) => void (session.status = 'expired'));
  }

  refund(id: string, cents?: number): StripeEvent {
    const session = this.#get(id);
    session.refundedCents = cents ?? session.amountCents;
    return this.event('charge.refunded', session.chargeId);
  }

  dispute(id: string): StripeEvent {
    const session = this.#get(id);
    session.dispute = 'needs_response';
    return this.event('charge.dispute.created', session.disputeId);
  }

  closeDispute(id: string, status: 'won' | 'lost'): StripeEvent {
    const session = this.#get(id);
    session.dispute = status;
    return this.event('charge.dispute.closed', session.disputeId);
  }

  event(type: string, objectId: string, created = seconds()): StripeEvent {
    return { id: `evt_${random()}`, object: 'event', type, created, livemode: false, data: { object: { id: objectId } } };
  }

  #take(
    session: Session,
    { amountCents = session.amountCents, currency = session.currency }: { amountCents?: number; currency?: string },
  ): void {
    session.status = 'complete';
    session.paymentStatus = 'paid';
    session.paidAt = seconds();
    session.amountCents = amountCents;
    session.currency = currency;
  }

  #change(id: string, type: string, change: (session: Session) => void): StripeEvent {
    change(this.#get(id));
    return this.event(type, id);
  }

  #get(id: string): Session {
    const session = this.sessions.get(id);
    if (session === undefined) throw new Error(`The peer has no session ${id}.`);
    return session;
  }

  #insert(facts: Pick<Session, 'clientReferenceId' | 'metadata' | 'amountCents' | 'currency' | 'successUrl'>): Session {
    const tail = random();
    const session: Session = {
      id: `cs_test_${tail}`,
      intentId: `pi_${tail}`,
      chargeId: `ch_${tail}`,
      disputeId: `dp_${tail}`,
      createdAt: seconds(),
      status: 'open',
      paymentStatus: 'unpaid',
      paidAt: null,
      refundedCents: 0,
      dispute: null,
      ...facts,
    };
    this.sessions.set(session.id, session);
    return session;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', this.#url);
    this.asked.push(`${request.method} ${pathname}`);
    const body = await readAll(request);
    if (this.isDown) return send(response, 500, { error: { type: 'api_error', message: 'The peer is down.' } });
    if (!/^Bearer (sk|rk)_test_/.test(request.headers.authorization ?? '')) {
      return send(response, 401, { error: { type: 'invalid_request_error', message: 'No such key.' } });
    }
    const [, resource = '', id] = /^\/v1\/(checkout\/sessions|charges|disputes)(?:\/([^/]+))?$/.exec(pathname) ?? [];
    if (request.method === 'POST' && resource === 'checkout/sessions' && id === undefined) {
      return this.#create(response, body, String(request.headers['idempotency-key'] ?? random()));
    }
    if (resource === 'checkout/sessions' && id === undefined) return send(response, 200, this.#list(searchParams));
    const all = [...this.sessions.values()];
    const asked = searchParams.get('payment_intent');
    if (resource === 'disputes' && id === undefined) {
      const disputed = all.filter(({ intentId, dispute }) => intentId === asked && dispute !== null);
      return send(response, 200, { object: 'list', url: '/v1/disputes', has_more: false, data: disputed.map(disputeOf) });
    }
    const found =
      resource === 'checkout/sessions'
        ? all.find((session) => session.id === id)
        : resource === 'charges'
          ? all.find((session) => session.chargeId === id && session.paidAt !== null)
          : all.find((session) => session.disputeId === id && session.dispute !== null);
    if (found === undefined)
      return send(response, 404, { error: { type: 'invalid_request_error', code: 'resource_missing', message: 'No such object.' } });
    if (resource === 'charges') return send(response, 200, chargeOf(found));
    if (resource === 'disputes') return send(response, 200, disputeOf(found));
    return send(response, 200, this.#view(found));
  }

  #create(response: ServerResponse, body: string, key: string): void {
    const known = this.#keys.get(key);
    if (known !== undefined) {
      if (known.body !== body)
        return send(response, 400, { error: { type: 'idempotency_error', message: 'Another request had this key.' } });
      return send(response, 200, this.#view(this.#get(known.id)));
    }
    const form = new URLSearchParams(body);
    const metadata = [...form].flatMap(([name, value]) => {
      const field = /^metadata\[(\w+)\]$/.exec(name)?.[1];
      return field === undefined ? [] : [[field, value] as const];
    });
    const session = this.#insert({
      clientReferenceId: form.get('client_reference_id'),
      metadata: Object.fromEntries(metadata),
      amountCents: Number(form.get('line_items[0][price_data][unit_amount]')),
      currency: form.get('line_items[0][price_data][currency]') ?? '',
      successUrl: form.get('success_url') ?? '',
    });
    this.#keys.set(key, { body, id: session.id });
    send(response, 200, this.#view(session));
  }

  #list(query: URLSearchParams): object {
    const [intent, status, after] = [query.get('payment_intent'), query.get('status'), query.get('starting_after')];
    const since = Number(query.get('created[gte]') ?? 0);
    const limit = Number(query.get('limit') ?? 10);
    const all = [...this.sessions.values()]
      .toReversed()
      .filter((session) => (intent === null || session.intentId === intent) && (status === null || session.status === status))
      .filter(({ createdAt }) => createdAt >= since);
    const rest = after === null ? all : all.slice(all.findIndex(({ id }) => id === after) + 1);
    const data = rest.slice(0, limit).map((session) => this.#view(session));
    return { object: 'list', url: '/v1/checkout/sessions', has_more: rest.length > limit, data };
  }

  #view(session: Session): object {
    const { id, status, createdAt } = session;
    return {
      id,
      object: 'checkout.session',
      url: status === 'open' ? `${this.#url}/pay/${id}` : null,
      status,
      payment_status: session.paymentStatus,
      amount_total: session.amountCents,
      currency: session.currency,
      client_reference_id: session.clientReferenceId,
      metadata: session.metadata,
      payment_intent:
        status === 'complete'
          ? { id: session.intentId, latest_charge: session.paidAt === null ? null : { created: session.paidAt, ...chargeOf(session) } }
          : null,
      livemode: false,
      created: createdAt,
      expires_at: createdAt + 86_400,
    };
  }
}

function chargeOf({ chargeId, intentId, refundedCents, amountCents, dispute }: Session): object {
  const refunded = refundedCents >= amountCents;
  return { id: chargeId, object: 'charge', payment_intent: intentId, refunded, disputed: dispute !== null, livemode: false };
}

function disputeOf(session: Session): object {
  const { disputeId: id, dispute: status } = session;
  return { id, object: 'dispute', status, livemode: false, charge: chargeOf(session) };
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
