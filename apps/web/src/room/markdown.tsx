import { createElement, type ReactNode } from 'react';
import Markdown, { type Components } from 'react-markdown';
import rehypeSanitize, { defaultSchema } from 'rehype-sanitize';
import remarkGfm from 'remark-gfm';

/**
 * Text of a lab pack, which anybody may have written: parsed to elements, never to HTML of its own, and cut down to what a task needs. No
 * images (they would tell somebody else's server who reads), no forms, no ids that could shadow ours.
 */
const SCHEMA: typeof defaultSchema = {
  ...defaultSchema,
  tagNames: [
    'p',
    'strong',
    'em',
    'del',
    'code',
    'pre',
    'a',
    'ul',
    'ol',
    'li',
    'blockquote',
    'h1',
    'h2',
    'h3',
    'h4',
    'hr',
    'br',
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
  ],
  attributes: { a: ['href'], ol: ['start'], th: [['align', 'left', 'center', 'right']], td: [['align', 'left', 'center', 'right']] },
  protocols: { href: ['http', 'https'] },
};

export interface MarkdownProps {
  readonly text: string;
  /** Inline code, which is what one copies. */
  readonly renderCode: (code: string) => ReactNode;
}

export function SafeMarkdown({ text, renderCode }: MarkdownProps) {
  const components: Components = {
    code: ({ children }) => {
      const code = textOf(children);
      return code.endsWith('\n') ? <code>{code}</code> : renderCode(code);
    },
    a: ({ href, children }) => (
      // Whole addresses alone: `//host` and paths would lead somewhere by where this page happens to be.
      <a href={/^https?:\/\//.test(href ?? '') ? href : undefined} target="_blank" rel="noopener noreferrer">
        {children}
      </a>
    ),
    // The page has its own headings above these.
    h1: ({ children }) => createElement('h3', null, children),
    h2: ({ children }) => createElement('h4', null, children),
    pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
  };
  return (
    <Markdown remarkPlugins={[remarkGfm]} rehypePlugins={[[rehypeSanitize, SCHEMA]]} components={components}>
      {text}
    </Markdown>
  );
}

function textOf(children: ReactNode): string {
  return Array.isArray(children) ? children.map(textOf).join('') : typeof children === 'string' ? children : '';
}
