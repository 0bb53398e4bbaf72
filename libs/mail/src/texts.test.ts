import { expect, test } from 'vitest';
import { compose } from './index.ts';

test.each(['verify_email', 'reset_password'] as const)('%s says the same in plain text and HTML, and a name is text', (kind) => {
  const link = 'https://exams.example.org/page#token=a.b';
  const { subject, text, html } = compose(kind, { name: '<img src=x onerror="alert(1)"> & \'Ada\'', link });
  expect(subject).not.toMatch(/[\r\n]/);
  expect(text).toContain(link);
  expect(html).toContain(`href="${link}"`);
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;Ada&#39;');
});
