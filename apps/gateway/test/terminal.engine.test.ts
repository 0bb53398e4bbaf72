/** Terminals against a real SSH server with a real tmux. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTab } from './client.ts';
import { endSession, openHarness, spawnGateway, type Harness, type TestSession } from './harness.ts';
import { startTerminal, type TestTerminal } from './terminal.ts';

let harness: Harness;
let terminal: TestTerminal;
let session: TestSession;
beforeAll(async () => {
  [harness, terminal] = await Promise.all([openHarness(), startTerminal()]);
  await harness.start();
  session = await harness.session(terminal);
});
afterAll(async () => {
  await harness[Symbol.asyncDispose]();
  await terminal[Symbol.asyncDispose]();
});

it('is the candidate’s shell, of the size asked for, and follows the window', async () => {
  const tab = await openTab(harness, session, { tab: 'size', cols: 100, rows: 30 });
  expect(tab.opened).toMatchObject({ resumed: false, message: null, shell: 'new', recorded: true });
  expect(tab.shown.includes('\u001b[?1049h'), 'the browser scrolls by itself').toBe(false);
  expect(await tab.run('id -un; stty size; echo "[$TMUX]"; locale charmap')).toMatch(/candidate\r\n30 100\r\n\[\]\r\nUTF-8/);
  tab.send({ type: 'resize', cols: 133, rows: 44 });
  await sleep(300);
  expect(await tab.run('stty size')).toContain('44 133');
  tab.socket.close();
});

it('shows wide characters whole, in and out, and keeps bytes as they are', async () => {
  const tab = await openTab(harness, session, { tab: 'wide', cols: 200 });
  const text = 'grüß 漢字テスト ñ é → ✓';
  tab.type(`printf '%s' '${text}' >wide.txt\r`);
  expect(await tab.run('cat wide.txt; echo')).toContain(text);
  expect(await terminal.inside('cat /home/candidate/wide.txt')).toBe(text);
  for (const byte of Buffer.from('echo 漢字\r')) tab.type(Buffer.from([byte]));
  await tab.until(/\r\n漢字/);
  expect(tab.text).not.toContain('\ufffd');
  tab.socket.close();
});

it('takes a paste of a megabyte', async () => {
  const tab = await openTab(harness, session, { tab: 'paste' });
  const lines = Array.from({ length: 16_384 }, () => randomBytes(31).toString('hex').padEnd(63, 'x')).join('\n') + '\n';
  expect(lines.length).toBe(1024 ** 2);
  await tab.run(`stty -echo; PS1='# '`);
  tab.type('cat >pasted.txt\r');
  await sleep(300);
  tab.type(lines);
  tab.type('\u0004');
  await tab.run('stty echo', 60_000);
  expect(await terminal.inside('sha256sum </home/candidate/pasted.txt')).toContain(createHash('sha256').update(lines).digest('hex'));
  expect(await terminal.inside('wc -c </home/candidate/pasted.txt')).toBe(String(1024 ** 2));
  tab.socket.close();
}, 120_000);

it('answers Ctrl-C in a flood at once', async () => {
  const tab = await openTab(harness, session, { tab: 'flood' });
  tab.type('yes "a flood of text that nobody can read"\r');
  await sleep(3_000);
  expect(tab.bytes).toBeGreaterThan(16_384);
  const pressed = performance.now();
  tab.type('\u0003');
  await tab.until(/\^C[^]*\$ $/, 5_000);
  const answeredMs = Math.round(performance.now() - pressed);
  expect(answeredMs).toBeLessThan(1_500);
  await tab.run('echo again');
  tab.socket.close();
}, 60_000);

it('tells which tabs have a shell, and what their candidate called them', async () => {
  const hostile = `<b>'; touch /tmp/named; "$(id)"`;
  const one = await openTab(harness, session, { tab: 'told-1' });
  one.send({ type: 'name', name: hostile });
  await one.run('true');
  const two = await openTab(harness, session, { tab: 'told-2' });
  expect(two.opened.tabs).toContainEqual({ tab: 'told-1', name: hostile });
  expect(two.opened.tabs).toContainEqual({ tab: 'told-2', name: null });
  one.send({ type: 'close' });
  await one.closed;
  two.socket.close();
  const again = await openTab(harness, session, { tab: 'told-2' });
  expect(again.opened.tabs.map(({ tab }) => tab)).not.toContain('told-1');
  expect(await terminal.inside('ls /tmp/named 2>&1')).toContain('No such file');
  // What a program sets as its title arrives as one, and nothing where none did.
  again.type(`printf '\\033]2;a title\\007'\r`);
  await again.until(() => again.shown.includes('\u001b]0;a title\u0007'));
  expect(again.shown.includes('\u001b]0;terminal\u0007')).toBe(false);
  again.socket.close();
});

it('shows what scrolled out of a tab to whoever comes with an empty screen, and to nobody else', async () => {
  const first = await openTab(harness, session, { tab: 'past', rows: 10 });
  await first.run('seq -f number-%g 1 300');
  first.cut();
  const lost = await openTab(harness, session, { tab: 'past', rows: 10 });
  await lost.run('true');
  expect(lost.text).not.toContain('number-7\r\n');
  lost.cut();
  const fresh = await openTab(harness, session, { tab: 'past', rows: 10, history: '1' });
  await fresh.run('echo and on');
  expect(fresh.text).toContain('number-7\r\nnumber-8\r\n');
  expect(fresh.text.indexOf('number-7\r\n')).toBeLessThan(fresh.text.indexOf('and on'));
  fresh.socket.close();
});

it('has a shell for each tab, which is as it was when the tab is opened again', async () => {
  const [one, two] = [await openTab(harness, session, { tab: 'one' }), await openTab(harness, session, { tab: 'two' })];
  await one.run('cd /tmp; here=first');
  await two.run('cd /etc; here=second');
  one.cut();
  two.socket.close();
  const again = await openTab(harness, session, { tab: 'one', resume: one.opened.connectionId });
  expect(again.opened).toMatchObject({ resumed: true, shell: 'kept' });
  expect(await again.run('echo "$here in $PWD"')).toContain('first in /tmp');
  const second = await openTab(harness, session, { tab: 'two', resume: two.opened.connectionId });
  expect(second.opened).toMatchObject({
    resumed: false,
    shell: 'kept',
    message: expect.stringContaining('not lost, but closed') as string,
  });
  expect(await second.run('echo "$here in $PWD"')).toContain('second in /etc');

  second.send({ type: 'close' });
  expect(await second.closed).toEqual({ code: 4001, reason: 'The tab was closed.' });
  const fresh = await openTab(harness, session, { tab: 'two' });
  expect(fresh.opened.shell).toBe('new');
  expect(await fresh.run('echo "[$here]"')).toContain('[]');

  fresh.type('exit\r');
  expect(await fresh.closed).toEqual({ code: 4000, reason: 'The shell has ended.' });
  again.socket.close();
});

it('is in one window at a time', async () => {
  const first = await openTab(harness, session, { tab: 'moved' });
  const second = await openTab(harness, session, { tab: 'moved' });
  expect(await first.closed).toEqual({ code: 4002, reason: 'This was opened in another window.' });
  expect(first.ended).toMatchObject({ code: 'OPENED_ELSEWHERE', again: false });
  await second.run('echo still here');
  second.socket.close();
});

it('goes on where it was when the gateway was killed, with what ran in it', async () => {
  await using other = await openHarness();
  await using processes = new AsyncDisposableStack();
  const start = async () => {
    const started = await spawnGateway(other);
    processes.defer(() => void started.kill('SIGKILL'));
    return started;
  };
  const mine = await other.session(terminal);
  const first = await start();
  const tab = await openTab(other, mine, { tab: 'killed' });
  await tab.run('here=kept; (sleep 2; echo done >/tmp/went-on) & true');
  first.kill('SIGKILL');
  expect((await tab.closed).code).toBe(1006);
  await once(first, 'exit');
  await start();
  const again = await openTab(other, mine, { tab: 'killed', resume: tab.opened.connectionId });
  expect(again.opened).toMatchObject({ resumed: true, shell: 'kept' });
  expect(await again.run('wait; echo "$here $(cat /tmp/went-on)"')).toContain('kept done');
  await endSession(other.database, mine);
  expect(await again.closed).toEqual({ code: 4010, reason: 'You handed in: this session is over.' });
});
