import { isProblem } from '../api/problem.ts';

/**
 * Who is signed in, as far as this tab knows. The access token lives in this object and nowhere else; the refresh token in a cookie that
 * no script reads. All that other tabs are told is that somebody signed in or out.
 */
export type Standing =
  /** Not asked yet. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'visitor' }
  | { readonly kind: 'member' }
  /** The server did not say; it is asked again. */
  | { readonly kind: 'unreachable' };

export interface Access {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
}

/** What a tab needs of its browser; tests bring their own. */
export interface Surroundings {
  /** One refresh at a time over all tabs: each refresh token is used once. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
  /** Whether this browser holds a sign-in, so that a visitor's page asks nothing. No secret, and not believed: the server decides. */
  readonly hint: { get(): boolean; set(signedIn: boolean): void };
  tell(message: TabMessage): void;
  now(): number;
  fetch(path: string, init: RequestInit): Promise<Response>;
}

export type TabMessage = 'signed-in' | 'signed-out';

/** A token that ends this soon is changed first: a request must not end while it is on its way. */
const MARGIN_MS = 30_000;
const REFUSED = new Set([400, 401, 403]);

export class Tokens {
  #standing: Standing = { kind: 'unknown' };
  #token: { readonly value: string; readonly endsAt: number } | null = null;
  #refreshing: Promise<string | null> | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #around: Surroundings;
  /** Called when somebody else may be signed in now: whatever was read for the one before must go. */
  onChange: () => void = () => undefined;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly standing = (): Standing => this.#standing;

  /** At the start of a page: signed in by the cookie, if there is one. */
  async restore(): Promise<void> {
    if (this.#around.hint.get()) await this.#refresh();
    else this.#become({ kind: 'visitor' });
  }

  /** Tokens that the server just gave for a password. */
  accept(access: Access): void {
    this.#keep(access);
    this.onChange();
    this.#around.tell('signed-in');
  }

  /** The access token, changed first where it is about to end; null for a visitor. */
  async token(): Promise<string | null> {
    if (this.#token !== null && this.#token.endsAt - MARGIN_MS > this.#around.now()) return this.#token.value;
    if (this.#standing.kind === 'unknown' && !this.#around.hint.get()) this.#become({ kind: 'visitor' });
    return this.#standing.kind === 'visitor' ? null : this.#refresh();
  }

  /** Another token in place of one that was refused; null where that one was the last. */
  async replace(refused: string): Promise<string | null> {
    if (this.#token?.value === refused) this.#token = null;
    return this.token();
  }

  /** Signed out here and in all tabs. */
  leave(): void {
    this.#forget();
    this.#around.tell('signed-out');
  }

  /** What another tab said. */
  async hear(message: TabMessage): Promise<void> {
    if (message === 'signed-out') {
      this.#forget();
      return;
    }
    this.#token = null;
    this.onChange();
    await this.#refresh();
  }

  #refresh(): Promise<string | null> {
    this.#refreshing ??= this.#around
      .exclusively(() => this.#askForToken())
      .finally(() => {
        this.#refreshing = null;
      });
    return this.#refreshing;
  }

  async #askForToken(): Promise<string | null> {
    const body = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    const response = await this.#around.fetch('/api/v1/auth/refresh', body).catch(() => null);
    const answer: unknown = response === null ? null : await response.json().catch(() => null);
    if (response?.ok === true && isAccess(answer)) {
      this.#keep(answer);
      return answer.accessToken;
    }
    if (response !== null && REFUSED.has(response.status) && isProblem(answer)) this.#forget();
    else this.#become({ kind: 'unreachable' });
    return null;
  }

  #keep({ accessToken, expiresInSeconds }: Access): void {
    this.#token = { value: accessToken, endsAt: this.#around.now() + expiresInSeconds * 1000 };
    this.#around.hint.set(true);
    this.#become({ kind: 'member' });
  }

  #forget(): void {
    this.#token = null;
    this.#around.hint.set(false);
    this.#become({ kind: 'visitor' });
    this.onChange();
  }

  #become(standing: Standing): void {
    if (this.#standing.kind === standing.kind) return;
    this.#standing = standing;
    for (const listener of this.#listeners) listener();
  }
}

function isAccess(value: unknown): value is Access {
  if (typeof value !== 'object' || value === null) return false;
  if (!('accessToken' in value) || !('expiresInSeconds' in value)) return false;
  return typeof value.accessToken === 'string' && typeof value.expiresInSeconds === 'number';
}
