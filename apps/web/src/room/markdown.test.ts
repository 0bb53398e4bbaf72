import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { SafeMarkdown } from './markdown.tsx';

const render = (text: string) =>
  renderToStaticMarkup(createElement(SafeMarkdown, { text, renderCode: (code: string) => createElement('button', null, code) }));

describe('text of a lab pack', () => {
  test('is rendered', () => {
    expect(render('A `name` in **bold**.\n\n```\nkubectl get pods\n```\n\n| a |\n|---|\n| b |')).toBe(
      '<p>A <button>name</button> in <strong>bold</strong>.</p>\n<pre tabindex="0"><code>kubectl get pods\n</code></pre>\n<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>',
    );
  });

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg><script>alert(1)</script></svg>',
    '<svg onload=alert(1)>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<a href="javascript:alert(1)">x</a>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java\nscript:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](vbscript:msgbox)',
    '[x](//evil.example "onmouseover=alert(1)")',
    '![x](https://evil.example/pixel.png)',
    '![x](javascript:alert(1))',
    '<style>*{background:url(https://evil.example)}</style>',
    '<form action=https://evil.example><input name=password></form>',
    '<base href=https://evil.example>',
    '<meta http-equiv=refresh content="0;url=https://evil.example">',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '`<img src=x onerror=alert(1)>`',
    '```"><script>alert(1)</script>\nx\n```',
    '<p id=root style="position:fixed">x</p>',
    '<details open ontoggle=alert(1)>',
  ])('stays inert: %s', (text) => {
    const html = render(text);
    // What is text is escaped; what is left as elements has no power.
    expect(html).not.toMatch(/<(?:script|img|svg|iframe|style|form|input|base|meta|math|details|object|embed)\b/i);
    expect(html).not.toMatch(/<[^>]*\s(?:on\w+|style|id|src|srcdoc|action)\s*=/i);
    expect(html).not.toMatch(/href="(?!https?:)[^"]/i);
  });

  test('links lead out without telling where from', () => {
    expect(render('[docs](https://kubernetes.io/docs)')).toContain(
      '<a href="https://kubernetes.io/docs" target="_blank" rel="noopener noreferrer">docs</a>',
    );
  });
});
