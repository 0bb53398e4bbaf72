/** What leads to a session, or does not: refusals, payments, mails, pages that broke. Each is shown, to be looked at or to be tried by axe. */
import { insertPayment } from '@ckx/test-support/passes';
import { test } from 'vitest';
import { userOf } from './person.ts';
import type { Stage } from './stage.ts';
import type { Show } from './states.cases.ts';
import { arrive, register, startSession } from './visitor.ts';

/** What the API answers where it has no place; the rules behind it are tried with the API itself. */
const REFUSALS = [
  ['lab-maintenance', 503, { code: 'MAINTENANCE', title: 'Maintenance', detail: 'We move to larger machines until four.' }, 'until four'],
  ['lab-queue-full', 503, { code: 'QUEUE_FULL', title: 'Full', detail: 'Full.' }, 'the queue is full'],
  ['lab-quota', 429, { code: 'QUOTA_REACHED', title: 'Quota', detail: 'Quota.' }, 'starts anew at midnight'],
] as const;

/** As `stateCases`. */
export function wayCases(stage: () => Stage, show: Show): void {
  test('a lab that cannot be started', async () => {
    const person = await arrive(stage().browser, stage().url);
    const { page } = person;
    await register(person);
    const refuse = (status: number, problem: object) =>
      page.route('**/api/v1/sessions', (route) =>
        route.request().method() === 'POST'
          ? route.fulfill({
              status,
              contentType: 'application/problem+json',
              body: JSON.stringify({ type: 'about:blank', status, ...problem }),
            })
          : route.continue(),
      );
    for (const [name, status, problem, seen] of REFUSALS) {
      await refuse(status, problem);
      await page.goto('/labs/ckad-mock-01');
      await page.getByRole('button', { name: 'Start this exam' }).click();
      await page.getByText(seen).waitFor();
      await show(page, name);
      await page.unrouteAll();
    }
    await startSession(person, 'ckad-mock-01');
    await page.goto('/labs/ckad-mock-01');
    await page.getByText('In progress:').waitFor();
    await show(page, 'lab-session-open');
  });

  test('what became of a payment', async () => {
    const person = await arrive(stage().browser, stage().url);
    await register(person);
    const { id: userId } = await userOf(person, stage().database);
    for (const [status, seen] of [
      ['open', 'Waiting for the payment'],
      ['paid', 'Your pass is there'],
      ['failed', 'The payment failed'],
      ['expired', 'This checkout is over'],
      ['refunded', 'The payment was given back'],
    ] as const) {
      const paidAt = status === 'open' || status === 'expired' || status === 'failed' ? null : new Date();
      const passId = await insertPayment(stage().database.manager, userId, { status, paidAt });
      await person.page.goto(`/payment/success?session_id=cs_test_${passId}`);
      await person.page.getByText(seen).waitFor();
      await show(person.page, `payment-${status}`);
    }
  });

  test('what is sent by mail', async () => {
    const person = await arrive(stage().browser, stage().url);
    const { page } = person;
    await page.goto('/forgot-password');
    await page.getByLabel('E-mail address').fill(person.email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('Look into your mail').waitFor();
    await show(page, 'forgot-password-sent');
    await page.goto('about:blank');
    await page.goto('/reset-password#token=x.y');
    await page.getByLabel('New password').fill('a long enough password');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('This link is used up').waitFor();
    await show(page, 'reset-password-refused');
  });

  test('a page that broke, and one of an older release', async () => {
    const { page } = await arrive(stage().browser, stage().url);
    await page.goto('/');
    await page.route('**/assets/pricing*.js', (route) => route.fulfill({ status: 404, body: '' }));
    await page.getByRole('link', { name: 'Prices' }).click();
    await page.getByText('This page was updated meanwhile').waitFor();
    await show(page, 'page-updated');
    await page.unrouteAll();
    await page.route('**/api/v1/labs*', (route) => route.fulfill({ contentType: 'application/json', body: '{}' }));
    await page.goto('/labs');
    await page.getByText('This page broke').waitFor();
    await show(page, 'page-broken');
  });
}
