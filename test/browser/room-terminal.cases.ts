/** The terminals of the exam room in a real browser, with a real gateway and a real shell behind them. */
import { beforeAll, expect, test } from 'vitest';
import type { RoomStage } from './room-stage.ts';
import { atTerminal, expectFile, screenAt, typeLine } from './terminal-typing.ts';

/** @param given is asked when the tests begin. */
export function terminalCases(given: () => RoomStage): void {
  let stage: RoomStage;
  beforeAll(() => {
    stage = given();
  });

  const tabs = () => stage.inside(`tmux -L ckx list-sessions -F '#S' | sort | paste -sd' '`);

  test('tabs are shells of their own: they outlive a reload, are named, left and closed', async () => {
    const { page, person } = await stage.sit();
    await page.keyboard.press('F6');
    await atTerminal(page);
    await typeLine(page, 'here=first; echo $here > one');
    await expectFile(stage, 'one', 'first');
    await page.getByRole('button', { name: 'New terminal' }).click();
    await page.getByRole('tab', { name: 'Terminal 2', selected: true }).waitFor();
    await atTerminal(page);
    await typeLine(page, 'here=second; echo $here > two');
    await expectFile(stage, 'two', 'second');
    await page.keyboard.press('Alt+1');
    await atTerminal(page);
    await typeLine(page, 'echo again $here > three');
    await expectFile(stage, 'three', 'again first');

    await page.getByRole('tab', { name: 'Terminal 2' }).dblclick();
    await page.getByRole('textbox', { name: 'Name' }).fill('logs <b>');
    await page.keyboard.press('Enter');
    await page.getByRole('tab', { name: 'logs <b>' }).waitFor();
    await expect.poll(() => stage.inside(`tmux -L ckx list-sessions -F '#{@name}'`)).toContain(Buffer.from('logs <b>').toString('hex'));
    await page.reload();
    await page.getByRole('tab', { name: 'logs <b>' }).click();
    await atTerminal(page);
    await typeLine(page, 'echo still $here > four');
    await expectFile(stage, 'four', 'still second');

    // A shell that is left closes its tab; the other one is closed from outside.
    await page.getByRole('button', { name: 'New terminal' }).click();
    await atTerminal(page);
    await expect.poll(tabs).toBe('main t2 t3');
    await typeLine(page, 'exit');
    await page.getByRole('tab', { name: 'Terminal 3' }).waitFor({ state: 'hidden' });
    await page.getByRole('tab', { name: 'logs <b>' }).focus();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Keep it' }).click();
    expect(await tabs()).toBe('main t2');
    await page.getByRole('tab', { name: 'logs <b>' }).click({ button: 'middle' });
    await page.getByRole('button', { name: 'Close it' }).click();
    await page.getByRole('tab', { name: 'logs <b>' }).waitFor({ state: 'hidden' });
    await expect.poll(tabs).toBe('main');
    expect(person.faults).toEqual([]);
  });

  test('copy and paste by mouse and by keyboard; a paste runs nothing by itself', async () => {
    const { page, person } = await stage.sit();
    await page.keyboard.press('F6');
    await atTerminal(page);
    await typeLine(page, 'clear; echo word-$((40+2)); touch ready');
    await expectFile(stage, 'ready', '');
    const { x, y } = await screenAt(page);
    const clipboard = () => page.evaluate('navigator.clipboard.readText()');
    // Again, until what was printed is shown.
    const select = async () => {
      await page.mouse.dblclick(x + 20, y + 8);
      await page.keyboard.press('Control+Shift+C');
      return clipboard();
    };
    await expect.poll(select, { timeout: 10_000, interval: 300 }).toBe('word-42');
    await page.evaluate(`navigator.clipboard.writeText('')`);
    await page.getByRole('button', { name: 'Copy what is selected' }).click();
    await expect.poll(clipboard).toBe('word-42');
    await page.evaluate(`navigator.clipboard.writeText('')`);
    await page.keyboard.press('Control+Insert');
    await expect.poll(clipboard).toBe('word-42');

    const paste = async (name: string, how: () => Promise<void>) => {
      await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(`touch ${name}-1\ntouch ${name}-2`)})`);
      await how();
      await page.waitForTimeout(700);
      expect(await stage.inside(`ls ${name}-* 2>/dev/null`), 'nothing ran yet').toBe('');
      await page.keyboard.press('Enter');
      await expect.poll(() => stage.inside(`ls ${name}-* | paste -sd' '`)).toBe(`${name}-1 ${name}-2`);
    };
    await paste('keys', () => page.keyboard.press('Control+Shift+V'));
    await paste('insert', () => page.keyboard.press('Shift+Insert'));
    await paste('tool', () => page.getByRole('button', { name: 'Paste into the terminal' }).click());
    expect(person.faults).toEqual([]);
  });

  test('what a program prints is inert: titles, clipboards, links', async () => {
    const { page, person } = await stage.sit();
    await page.keyboard.press('F6');
    await atTerminal(page);
    await page.evaluate(`navigator.clipboard.writeText('mine')`);
    const title = `<img src=x onerror='window.hacked=1'>`;
    await typeLine(page, `printf '\\033]2;\\u202e%s\\007' "${title}"; printf '\\033]52;c;%s\\007' "$(printf stolen | base64)"; touch set`);
    await page.getByRole('tab', { name: title }).waitFor();
    expect(await page.title()).toMatch(/^CKAD mock exam 1.* · CKX$/);
    expect(await page.locator('.room-workspace img').count()).toBe(0);
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('mine');
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    await typeLine(page, `clear; echo https://kubernetes.io/docs/x javascript:window.hacked=1; touch shown`);
    await expectFile(stage, 'shown', '');
    await page.waitForTimeout(500);
    const { x, y } = await screenAt(page);
    const opened = person.context.waitForEvent('page');
    await page.mouse.move(x + 30, y + 8);
    await page.mouse.click(x + 32, y + 8);
    const other = await opened;
    expect(await other.evaluate('window.opener')).toBe(null);
    await other.close();
    expect(person.faults).toEqual([]);
  });

  test('search finds what scrolled away long ago; letters and colours are of one’s own', async () => {
    const { page, person } = await stage.sit();
    await page.keyboard.press('F6');
    await atTerminal(page);
    await typeLine(page, 'stty size > before; for i in $(seq 100); do seq -f line-$i-%03g 10; sleep 0.03; done; touch done');
    await expectFile(stage, 'done', '');
    await page.waitForTimeout(1_000);
    await page.keyboard.press('Control+Shift+F');
    await page.getByRole('searchbox', { name: 'Search in the terminal' }).fill('line-1-001');
    await page.getByRole('search').getByText('1 of 1', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await atTerminal(page);
    await page.getByRole('button', { name: 'Look of the terminals' }).click();
    for (let times = 0; times < 4; times += 1) await page.getByRole('button', { name: 'Larger letters' }).click();
    await page.getByRole('radio', { name: 'Light' }).check();
    await page.keyboard.press('Escape');
    await page.locator('.terminal[data-theme=light]').waitFor();
    await page.keyboard.press('Alt+1');
    await page.keyboard.press('F6');
    await page.keyboard.press('F6');
    await atTerminal(page);
    await typeLine(page, 'stty size > after');
    await expectFile(stage, 'after', /\d/);
    const [rowsBefore = 0, rowsAfter = 0] = await Promise.all(
      ['before', 'after'].map(async (name) => Number((await stage.inside(`cat ${name}`)).split(' ')[0])),
    );
    expect(rowsAfter).toBeLessThan(rowsBefore);
    await page.reload();
    await page.locator('.terminal[data-theme=light]').waitFor();
    expect(person.faults).toEqual([]);
  });

  test('panes beside and below each other, remembered', async () => {
    const { page, person } = await stage.sit();
    await page.keyboard.press('s');
    await page.getByRole('tab', { name: 'Terminal 2', selected: true }).waitFor();
    const [first, second] = [page.locator('[data-place="0"]'), page.locator('[data-place="1"]')];
    const left = async () => ({ one: await first.boundingBox(), two: await second.boundingBox() });
    const before = await left();
    expect(before.two?.x ?? 0).toBeGreaterThan((before.one?.x ?? 0) + (before.one?.width ?? 0));
    await page.getByRole('separator', { name: 'Where the panes are divided' }).focus();
    for (let times = 0; times < 5; times += 1) await page.keyboard.press('ArrowRight');
    expect((await left()).one?.width ?? 0).toBeGreaterThan((before.one?.width ?? 0) + 30);
    await page.getByRole('button', { name: 'Two panes, one above the other' }).click();
    await page.reload();
    await second.waitFor();
    const after = await left();
    expect(after.two?.y ?? 0).toBeGreaterThan((after.one?.y ?? 0) + (after.one?.height ?? 0));
    expect((after.one?.height ?? 0) / (after.two?.height ?? 1)).toBeCloseTo(60 / 40, 0);
    await page.keyboard.press('w');
    await page.locator('main').waitFor({ state: 'hidden' });
    await page.keyboard.press('w');
    await page.locator('main').waitFor();
    await page.getByRole('button', { name: 'Two panes, one above the other' }).click();
    await second.waitFor({ state: 'hidden' });
    expect(person.faults).toEqual([]);
  });
}
