import { describe, expect, test, vi } from 'vitest';
import { Tokens, type Surroundings, type TabMessage } from './tokens.ts';

/** Tabs of one browser: one cookie, one lock, one hint, and a server that takes each refresh token once. */
function browser({ signedIn = true, status = 200 } = {}) {
  const state = { signedIn, status, now: 0, generation: 0, concurrent: 0, mostAtOnce: 0 };
  const tabs: Tokens[] = [];
  let queue: Promise<unknown> = Promise.resolve();
  let hint = signedIn;
  const openTab = () => {
    const around: Surroundings = {
      exclusively: (work) => {
        const turn = queue.then(work);
        queue = turn.catch(() => undefined);
        return turn;
      },
      hint: { get: () => hint, set: (value) => (hint = value) },
      tell: (message: TabMessage) => tabs.filter((other) => other !== tab).forEach((other) => void other.hear(message)),
      now: () => state.now,
      fetch: async () => {
        state.mostAtOnce = Math.max(state.mostAtOnce, ++state.concurrent);
        await Promise.resolve();
        state.concurrent -= 1;
        if (state.status === 0) throw new TypeError('network');
        if (state.status !== 200) return new Response('<html>', { status: state.status });
        if (state.signedIn) return Response.json({ accessToken: `token-${++state.generation}`, expiresInSeconds: 900 });
        return Response.json({ code: 'REFRESH_TOKEN_INVALID', detail: 'No.', status: 401 }, { status: 401 });
      },
    };
    const tab = new Tokens(around);
    tabs.push(tab);
    return tab;
  };
  return { state, openTab };
}

describe('tokens of a tab', () => {
  test('a visitor asks the server nothing', async () => {
    const { state, openTab } = browser({ signedIn: false });
    const tab = openTab();
    await tab.restore();
    expect(tab.standing().kind).toBe('visitor');
    expect(await tab.token()).toBeNull();
    expect(state.mostAtOnce).toBe(0);
  });

  test('are asked for once, however many requests wait for one', async () => {
    const { state, openTab } = browser();
    const tab = openTab();
    expect(await Promise.all([tab.token(), tab.token(), tab.restore().then(() => tab.token())])).toEqual(['token-1', 'token-1', 'token-1']);
    expect(state.generation).toBe(1);
  });

  test('are changed before they end, and when they are refused', async () => {
    const { state, openTab } = browser();
    const tab = openTab();
    expect(await tab.token()).toBe('token-1');
    state.now = 869_000;
    expect(await tab.token()).toBe('token-1');
    state.now = 870_000;
    expect(await tab.token()).toBe('token-2');
    expect(await tab.replace('token-2')).toBe('token-3');
    expect(await tab.replace('token-2')).toBe('token-3');
  });

  test('two tabs never refresh at the same time', async () => {
    const { state, openTab } = browser();
    const [one, two] = [openTab(), openTab()];
    await Promise.all([one.restore(), two.restore()]);
    expect([one.standing().kind, two.standing().kind]).toEqual(['member', 'member']);
    expect(state.mostAtOnce).toBe(1);
  });

  test('signing out reaches every tab, and what was read is let go of', async () => {
    const { openTab } = browser();
    const [one, two] = [openTab(), openTab()];
    await Promise.all([one.restore(), two.restore()]);
    const forgotten = vi.fn();
    two.onChange = forgotten;
    one.leave();
    expect([one.standing().kind, two.standing().kind]).toEqual(['visitor', 'visitor']);
    expect(await two.token()).toBeNull();
    expect(forgotten).toHaveBeenCalledOnce();
  });

  test('signing in reaches every tab', async () => {
    const { state, openTab } = browser({ signedIn: false });
    const [one, two] = [openTab(), openTab()];
    await Promise.all([one.restore(), two.restore()]);
    state.signedIn = true;
    one.accept({ accessToken: 'by-password', expiresInSeconds: 900 });
    await vi.waitFor(() => expect(two.standing().kind).toBe('member'));
  });

  test.each([0, 429, 502])('a server that answers %i has signed nobody out', async (status) => {
    const { state, openTab } = browser({ status });
    const tab = openTab();
    await tab.restore();
    expect(tab.standing().kind).toBe('unreachable');
    state.status = 200;
    expect(await tab.token()).toBe('token-1');
    expect(tab.standing().kind).toBe('member');
  });

  test('a sign-in that the server ended is over', async () => {
    const { state, openTab } = browser();
    const tab = openTab();
    await tab.restore();
    state.signedIn = false;
    expect(await tab.replace('token-1')).toBeNull();
    expect(tab.standing().kind).toBe('visitor');
  });
});
