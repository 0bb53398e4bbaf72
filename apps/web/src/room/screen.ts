import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { styleDocument } from './style-document.ts';

/** Dark in both themes, with the contrast of its own tokens. */
const THEME = {
  background: '#10141b',
  foreground: '#d9e0ea',
  cursor: '#d9e0ea',
  cursorAccent: '#10141b',
  selectionBackground: '#31477d',
  black: '#232a36',
  red: '#ff8c84',
  green: '#7bd88f',
  yellow: '#f3c072',
  blue: '#8fb1ff',
  magenta: '#d8a6ff',
  cyan: '#79d4e0',
  white: '#d9e0ea',
  brightBlack: '#93a0b4',
  brightRed: '#ffb3ad',
  brightGreen: '#a5ecb4',
  brightYellow: '#ffd9a0',
  brightBlue: '#b9ceff',
  brightMagenta: '#e8cbff',
  brightCyan: '#a8ecf4',
  brightWhite: '#ffffff',
};

export interface ScreenParts {
  readonly terminal: Terminal;
  readonly fit: FitAddon;
  readonly search: SearchAddon;
  /** In pixels. */
  readonly setFontSize: (size: number) => void;
}

/** A terminal's screen. Links open apart and without telling where from; titles that programs set are shown by nobody. */
export function createScreen(fontSize: number): ScreenParts {
  const terminal = new Terminal({
    allowProposedApi: true,
    documentOverride: styleDocument(),
    fontFamily: "'JetBrains Mono Variable', ui-monospace, Menlo, monospace",
    fontSize,
    scrollback: 20_000,
    theme: THEME,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    minimumContrastRatio: 4.5,
    rightClickSelectsWord: true,
    macOptionIsMeta: true,
    linkHandler: { activate: (_, address) => openLink(address) },
  });
  const [fit, search] = [new FitAddon(), new SearchAddon()];
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.loadAddon(new Unicode11Addon());
  terminal.loadAddon(new WebLinksAddon((_, address) => openLink(address)));
  terminal.unicode.activeVersion = '11';
  const setFontSize = (size: number) => {
    terminal.options.fontSize = size;
    fit.fit();
  };
  return { terminal, fit, search, setFontSize };
}

/** Only what is plainly a page: a program in the terminal may print any address. */
function openLink(address: string): void {
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) window.open(address, '_blank', 'noopener,noreferrer');
}
