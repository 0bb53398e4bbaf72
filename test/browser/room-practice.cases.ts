/** Practice in the exam room: what the server gives of help, and nothing of it in an exam. */
import { randomUUID } from 'node:crypto';
import { CheckId } from '@ckx/contracts';
import { QuestionHelpEntity } from '@ckx/persistence';
import { beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './accessible.ts';
import type { RoomStage } from './room-stage.ts';

/** @param given is asked when the tests begin. */
export function practiceCases(given: () => RoomStage): void {
  let stage: RoomStage;
  beforeAll(() => {
    stage = given();
  });

  test('hints come one by one, checks are shown with what they found, and the solution after honest tries', async () => {
    const { page, person, records } = await stage.sit({ lab: 'practice-01', mode: 'practice' });
    const help = page.getByRole('region', { name: 'Practice' });
    await help.getByText('The solution is shown after two runs').waitFor();
    await help.getByRole('button', { name: 'Show a hint' }).click();
    await help.getByText('A file is made where the shell stands.').waitFor();
    await help.getByRole('button', { name: 'Next hint' }).click();
    await help.getByText('Hint 2').waitFor();
    await help.getByRole('button', { name: /hint/i }).waitFor({ state: 'hidden' });
    await page.reload();
    await help.getByText('Hint 2').waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    await expectAccessible(page);

    // What the checker found: it is another part's test that it does.
    const check = (id: string, verdict: 'passed' | 'failed', output: string) => ({
      id: CheckId.parse(id),
      description: `Check ${id}`,
      weight: 1,
      verdict,
      output,
    });
    const lastCheck = {
      position: 1,
      checks: [check('file-greets', 'passed', ''), check('file-is-short', 'failed', '<b>two lines</b>')],
      earned: 1,
      possible: 2,
      checkedAt: new Date().toISOString(),
    };
    await stage.database.manager.update(
      QuestionHelpEntity,
      { examSessionId: records.id, position: 1 },
      { tries: 2, failedTries: 2, lastCheck },
    );
    await records.event('checked', { position: 1, mark: randomUUID() });
    await help.getByText('1 of 2 points').waitFor();
    await help.getByText('What it found').click();
    await help.getByText('<b>two lines</b>').waitFor();
    await help.getByText('Solution').click();
    await help.getByText('echo hello > greeting.txt').waitFor();
    await expectAccessible(page);
    expect(person.faults).toEqual([]);
  });

  test('an exam has none of it', async () => {
    const { page } = await stage.sit();
    await page.getByText('Task 1 of 5').waitFor();
    expect(await page.getByRole('region', { name: 'Practice' }).count()).toBe(0);
  });
}
