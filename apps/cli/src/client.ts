/** The API as a signed-in user. */
import { randomBytes } from 'node:crypto';
import { CkxError, isCkxError, TokenPair, UserView } from '@ckx/contracts';
import type { z } from 'zod';
import { CredentialStore, type Entry } from './credentials.ts';
import { readEvents, type ServerSentEvent } from './events.ts';
import { callApi, openApi, type Call } from './http.ts';
import type { Account, Target } from './target.ts';

/** An access token is renewed this long before it ends. */
const RENEW_BEFORE_MS = 30_000;

export class Client {
  readonly target: Target;
  readonly store: CredentialStore;
  readonly #say: (text: string) => void;
  readonly #account: Account | undefined;

  /**
   * @param say told when something is done that was not asked for, such as making a local account.
   * @param account whom to act as, beside whoever is signed in here; where not given, as whoever is.
   */
  constructor(target: Target, say: (text: string) => void = () => undefined, account?: Account) {
    this.target = target;
    this.store = new CredentialStore(target.configFolder);
    this.#say = say;
    this.#account = account;
  }

  /** @throws CkxError with the code of the API's problem, `API_UNREACHABLE` or `NOT_SIGNED_IN`. */
  call<S extends z.ZodType>(schema: S, path: string, call: Call = {}): Promise<z.output<S>> {
    return this.#signedIn((accessToken) => callApi(this.target.apiUrl, schema, path, { ...call, accessToken }));
  }

  /** Where nobody needs to be signed in: asks as whoever is, or as nobody. */
  async callAsAnybody<S extends z.ZodType>(schema: S, path: string): Promise<z.output<S>> {
    const { tokens } = await this.store.read(this.#key);
    return tokens === undefined ? callApi(this.target.apiUrl, schema, path) : this.call(schema, path);
  }

  /** A stream of server-sent events; ends when the server ends it or `signal` aborts. */
  async *events(path: string, lastId: string | undefined, signal: AbortSignal): AsyncGenerator<ServerSentEvent, void, void> {
    const headers = { accept: 'text/event-stream', ...(lastId === undefined ? {} : { 'last-event-id': lastId }) };
    const response = await this.#signedIn((accessToken) => openApi(this.target.apiUrl, path, { accessToken, headers, signal }));
    if (response.body !== null) yield* readEvents(response.body);
  }

  async register(account: { email: string; name: string; password: string }): Promise<void> {
    await callApi(this.target.apiUrl, UserView.loose(), '/auth/register', { method: 'POST', body: account });
    await this.login(account.email, account.password);
  }

  async login(email: string, password: string): Promise<void> {
    await this.store.exclusively(() => this.#login(email, password));
  }

  /** Signs out here and, where it answers, at the installation. @returns who was signed in. */
  async logout(): Promise<string | undefined> {
    return this.store.exclusively(async () => {
      const { tokens, email, ...rest } = await this.store.read(this.#key);
      await this.store.write(this.#key, rest);
      if (tokens !== undefined) await this.#revoke(tokens.refreshToken);
      return email;
    });
  }

  /** What the tokens are kept under. */
  get #key(): string {
    return this.#account === undefined ? this.target.apiUrl : `${this.target.apiUrl} as ${this.#account.email}`;
  }

  async #revoke(refreshToken: string): Promise<void> {
    try {
      await openApi(this.target.apiUrl, '/auth/logout', { method: 'POST', body: { refreshToken } });
    } catch (error) {
      // A token that the installation no longer knows is as good as signed out.
      if (!isCkxError(error) || error.details['status'] !== 401) throw error;
    }
  }

  async #signedIn<T>(work: (accessToken: string) => Promise<T>): Promise<T> {
    const entry = await this.store.read(this.#key);
    const usable = entry.tokens !== undefined && entry.tokens.accessExpiresAt - RENEW_BEFORE_MS > Date.now();
    const token = usable && entry.tokens !== undefined ? entry.tokens.accessToken : await this.#renew(entry.tokens?.accessToken);
    try {
      return await work(token);
    } catch (error) {
      if (!isCkxError(error) || error.details['status'] !== 401) throw error;
      return work(await this.#renew(token));
    }
  }

  /** @param refused the token that no longer serves: another process may have renewed it meanwhile. */
  async #renew(refused: string | undefined): Promise<string> {
    return this.store.exclusively(async () => {
      const entry = await this.store.read(this.#key);
      if (entry.tokens !== undefined && entry.tokens.accessToken !== refused) return entry.tokens.accessToken;
      if (entry.tokens !== undefined) {
        const renewed = await this.#refresh(entry, entry.tokens.refreshToken);
        if (renewed !== null) return renewed;
      }
      if (this.#account !== undefined) return this.#login(this.#account.email, this.#account.password);
      if (this.target.local && (entry.email === undefined || entry.email === entry.localAccount?.email)) return this.#localAccount(entry);
      throw new CkxError('user', 'NOT_SIGNED_IN', `Nobody is signed in at ${this.target.apiUrl}.`, { remedy: 'Sign in with: ckx login' });
    });
  }

  async #refresh(entry: Entry, refreshToken: string): Promise<string | null> {
    try {
      const pair = await callApi(this.target.apiUrl, TokenPair, '/auth/refresh', { method: 'POST', body: { refreshToken } });
      return await this.#keep(entry, pair);
    } catch (error) {
      if (isCkxError(error) && error.details['status'] === 401) return null;
      throw error;
    }
  }

  /** An installation of this machine needs no ceremony: its only user gets an account with a password that nobody has to know. */
  async #localAccount(entry: Entry): Promise<string> {
    if (entry.localAccount !== undefined) {
      try {
        return await this.#login(entry.localAccount.email, entry.localAccount.password);
      } catch (error) {
        // An installation that was made anew does not know the account of the one before.
        if (!isCkxError(error) || error.details['status'] !== 401) throw error;
      }
    }
    const account = { email: `local-${randomBytes(4).toString('hex')}@ckx.invalid`, password: randomBytes(24).toString('base64url') };
    await callApi(this.target.apiUrl, UserView.loose(), '/auth/register', {
      method: 'POST',
      body: { ...account, name: 'Local candidate' },
    });
    await this.store.write(this.#key, { ...entry, localAccount: account });
    this.#say(`Nobody was signed in: made the local account ${account.email} (kept in ${this.target.configFolder}).`);
    return this.#login(account.email, account.password);
  }

  async #login(email: string, password: string): Promise<string> {
    const pair = await callApi(this.target.apiUrl, TokenPair, '/auth/login', { method: 'POST', body: { email, password } });
    return this.#keep({ ...(await this.store.read(this.#key)), email }, pair);
  }

  async #keep(entry: Entry, pair: TokenPair): Promise<string> {
    const tokens = {
      accessToken: pair.accessToken,
      accessExpiresAt: Date.now() + pair.expiresInSeconds * 1000,
      refreshToken: pair.refreshToken,
    };
    await this.store.write(this.#key, { ...entry, tokens });
    return pair.accessToken;
  }
}
