import { Tokens, type Surroundings, type TabMessage } from './tokens.ts';

const HINT = 'ckx.signed-in';
const CHANNEL = 'ckx.account';

const channel = new BroadcastChannel(CHANNEL);

const surroundings: Surroundings = {
  exclusively: (work) => navigator.locks.request('ckx.refresh', work),
  hint: {
    get: () => readPreference(HINT) !== null,
    set: (signedIn) => writePreference(HINT, signedIn ? '1' : null),
  },
  tell: (message) => channel.postMessage(message),
  now: () => Date.now(),
  fetch: (path, init) => fetch(path, init),
};

/** A choice of this browser's user, where it may be kept at all. Never a token, never anything of a session. */
export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function writePreference(name: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(name);
    else localStorage.setItem(name, value);
  } catch {
    // Private windows and full disks: the choice holds until the page is closed.
  }
}

export const tokens = new Tokens(surroundings);

function isTabMessage(value: unknown): value is TabMessage {
  return value === 'signed-in' || value === 'signed-out';
}

channel.addEventListener('message', ({ data }) => {
  if (isTabMessage(data)) void tokens.hear(data);
});
