import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { styleDocument } from './style-document.ts';
import type { TerminalSettings } from './terminal-settings.ts';
import { THEMES } from './themes.ts';

/** Lines that are kept above what is seen. */
const SCROLLBACK = 50_000;

export interface ScreenParts {
  readonly terminal: Terminal;
  readonly fit: FitAddon;
  readonly search: SearchAddon;
}

/** A terminal's screen. Links open apart and without telling where from; a program may set a title, but neither read nor write a clipboard. */
export function createScreen({ fontSize, theme }: TerminalSettings): ScreenParts {
  const terminal = new Terminal({
    allowProposedApi: true,
    documentOverride: styleDocument(),
    fontFamily: "'JetBrains Mono Variable', ui-monospace, Menlo, monospace",
    fontSize,
    scrollback: SCROLLBACK,
    theme: THEMES[theme],
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    minimumContrastRatio: 4.5,
    rightClickSelectsWord: true,
    macOptionIsMeta: true,
    linkHandler: { activate: (_, address) => openLink(address) },
  });
  const [fit, search] = [new FitAddon(), new SearchAddon({ highlightLimit: 1_000 })];
  terminal.loadAddon(fit);
  terminal.loadAddon(search);
  terminal.loadAddon(new Unicode11Addon());
  terminal.loadAddon(new WebLinksAddon((_, address) => openLink(address)));
  terminal.unicode.activeVersion = '11';
  return { terminal, fit, search };
}

/** Drawn by the graphics card where there is one; loaded apart, as nothing waits for it. */
export async function drawByGraphicsCard({ terminal }: ScreenParts): Promise<void> {
  try {
    const { WebglAddon } = await import('@xterm/addon-webgl');
    const addon = new WebglAddon();
    addon.onContextLoss(() => addon.dispose());
    terminal.loadAddon(addon);
  } catch {
    // Without one the screen is drawn as elements.
  }
}

/** Only what is plainly a page: a program in the terminal may print any address. */
function openLink(address: string): void {
  if (URL.canParse(address) && /^https?:$/.test(new URL(address).protocol)) window.open(address, '_blank', 'noopener,noreferrer');
}
