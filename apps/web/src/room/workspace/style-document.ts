/**
 * xterm.js writes `<style>` elements, which our content security policy refuses, as it refuses whatever is in line. This document gives it
 * elements of ours in their place, which hand the same rules to a constructed style sheet: those come from our own script, so the policy has
 * nothing against them.
 */
class StyleHolder extends HTMLElement {
  readonly #sheet = new CSSStyleSheet();

  connectedCallback(): void {
    this.hidden = true;
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet];
  }

  disconnectedCallback(): void {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet);
  }

  override get textContent(): string {
    return '';
  }

  override set textContent(rules: string) {
    this.#sheet.replaceSync(rules);
  }
}

const NAME = 'ckx-style';

function define(): void {
  if (customElements.get(NAME) === undefined) customElements.define(NAME, StyleHolder);
}

/** For xterm's option `documentOverride`. */
export function styleDocument(): Document {
  define();
  return new Proxy(document, {
    get(target, property) {
      if (property === 'createElement') return (name: string) => target.createElement(name === 'style' ? NAME : name);
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? (...args: unknown[]): unknown => Reflect.apply(value, target, args) : value;
    },
  });
}

/** For the one part of xterm (6.0, its viewport) that takes the page's own document all the same: while it is opened, and no longer. */
export function openWithStyles(open: () => void): void {
  define();
  const createElement = document.createElement.bind(document);
  Object.defineProperty(document, 'createElement', {
    configurable: true,
    value: (name: string) => createElement(name === 'style' ? NAME : name),
  });
  try {
    open();
  } finally {
    Reflect.deleteProperty(document, 'createElement');
  }
}
