import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { openWithStyles, styleDocument } from '../room/workspace/style-document.ts';
import type { Screen } from './playback.ts';

const [SMALLEST_PX, LARGEST_PX] = [6, 14];
/** Of a letter's height, in this font. */
const LETTER_WIDTH = 0.6;

/** A terminal that shows and takes nothing. Letters are as large as the width allows. */
export function openReplayScreen(place: HTMLElement): Screen & { dispose(): void } {
  const terminal = new Terminal({
    allowProposedApi: true,
    documentOverride: styleDocument(),
    fontFamily: "'JetBrains Mono Variable', ui-monospace, Menlo, monospace",
    fontSize: LARGEST_PX,
    theme: { background: '#10141b', foreground: '#d9e0ea', cursor: '#d9e0ea', selectionBackground: '#31477d' },
    minimumContrastRatio: 4.5,
    disableStdin: true,
    scrollback: 1000,
    // A link that a program printed leads nowhere here.
    linkHandler: { activate: () => undefined },
  });
  openWithStyles(() => terminal.open(place));
  // Nothing can be typed: it is not among what the keyboard reaches.
  if (terminal.textarea !== undefined) {
    terminal.textarea.tabIndex = -1;
    terminal.textarea.disabled = true;
  }
  const fit = () => {
    const size = place.clientWidth / (terminal.cols * LETTER_WIDTH);
    terminal.options.fontSize = Math.max(SMALLEST_PX, Math.min(LARGEST_PX, Math.floor(size * 2) / 2));
  };
  const resizing = new ResizeObserver(() => place.clientWidth > 0 && fit());
  resizing.observe(place);
  return {
    write: (data) => terminal.write(data),
    resize: (cols, rows) => {
      terminal.resize(cols, rows);
      fit();
    },
    reset: () => terminal.reset(),
    dispose: () => {
      resizing.disconnect();
      terminal.dispose();
    },
  };
}
