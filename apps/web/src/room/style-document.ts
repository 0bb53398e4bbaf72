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

/** For xterm's option `documentOverride`. */
export function styleDocument(): Document {
  if (customElements.get(NAME) === undefined) customElements.define(NAME, StyleHolder);
  return new Proxy(document, {
    get(target, property) {
      if (property === 'createElement') return (name: string) => target.createElement(name === 'style' ? NAME : name);
      const value: unknown = Reflect.get(target, property);
      return typeof value === 'function' ? (...args: unknown[]): unknown => Reflect.apply(value, target, args) : value;
    },
  });
}
