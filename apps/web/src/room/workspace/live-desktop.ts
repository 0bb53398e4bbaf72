import type RFB from '@novnc/novnc';
import { copyText } from '../copyable.tsx';
import { connectTicket } from './connect-ticket.ts';
import type { Link } from './terminal-connection.ts';

/** Close codes of the gateway after which nobody comes again by himself (CONNECTION_ENDS in libs/contracts). */
const FOR_GOOD = new Set([4000, 4001, 4002, 4003, 4004, 4010, 4011, 4012, 4013, 4015, 4021, 4040]);
const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 8_000;
/** Keys that stay down in the desktop where one leaves it with them: keysym and code. */
const MODIFIERS = [
  [0xffe9, 'AltLeft'],
  [0xffea, 'AltRight'],
  [0xffe3, 'ControlLeft'],
  [0xffe4, 'ControlRight'],
  [0xffe1, 'ShiftLeft'],
  [0xffe2, 'ShiftRight'],
  [0xffeb, 'MetaLeft'],
] as const;

/** The session's desktop in the page: back again by itself after a loss. The gateway answers for its secret; none comes here. */
export class LiveDesktop {
  readonly #element: HTMLElement;
  readonly #examSessionId: string;
  readonly #onLink: (link: Link) => void;
  #rfb: RFB | null = null;
  #retryMs = FIRST_RETRY_MS;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #disposed = false;
  /** What was last copied over there. */
  #copied = '';

  constructor(element: HTMLElement, examSessionId: string, onLink: (link: Link) => void) {
    this.#element = element;
    this.#examSessionId = examSessionId;
    this.#onLink = onLink;
    element.addEventListener('focusin', () => void this.#bringClipboard());
    element.addEventListener('focusout', () => this.#releaseKeys());
    void this.again();
  }

  /** Opens its connection, and again after an end. */
  async again(): Promise<void> {
    clearTimeout(this.#retry);
    if (this.#disposed || this.#rfb !== null) return;
    this.#onLink({ kind: 'connecting' });
    try {
      const [{ default: Rfb }, ticket] = await Promise.all([import('@novnc/novnc'), connectTicket(this.#examSessionId, 'desktop')]);
      if (!this.#isDisposed()) this.#connect(Rfb, new WebSocket(ticket.url, [...ticket.protocols]));
    } catch {
      this.#comeAgain();
    }
  }

  focus(): void {
    this.#rfb?.focus();
  }

  /** What was last copied in the desktop, to the clipboard here. @returns whether there was something, and the browser allowed it. */
  async copy(): Promise<boolean> {
    return this.#copied !== '' && copyText(this.#copied);
  }

  /** Clipboard here, to that of the desktop; programs there paste it. @returns whether the browser allowed it. */
  async paste(): Promise<boolean> {
    const text = await navigator.clipboard.readText().catch(() => null);
    if (text === null || this.#rfb === null) return false;
    this.#rfb.clipboardPasteFrom(text);
    this.focus();
    return true;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#retry);
    this.#rfb?.disconnect();
    this.#rfb = null;
  }

  #isDisposed(): boolean {
    return this.#disposed;
  }

  #connect(Rfb: typeof RFB, socket: WebSocket): void {
    const rfb = new Rfb(this.#element, socket);
    this.#rfb = rfb;
    rfb.scaleViewport = true;
    rfb.resizeSession = true;
    rfb.background = 'transparent';
    rfb.addEventListener('connect', () => {
      this.#retryMs = FIRST_RETRY_MS;
      this.#onLink({ kind: 'open' });
      if (this.#element.contains(document.activeElement)) rfb.focus();
    });
    rfb.addEventListener('clipboard', ({ detail }) => {
      this.#copied = detail.text;
      // Where one is not at the desktop, what it copies is not one's own doing.
      if (this.#element.contains(document.activeElement)) void copyText(detail.text);
    });
    socket.addEventListener('close', ({ code, reason }) => {
      if (this.#rfb !== rfb) return;
      this.#rfb = null;
      if (FOR_GOOD.has(code)) this.#onLink({ kind: 'ended', code: code === 4002 ? 'OPENED_ELSEWHERE' : String(code), message: reason });
      else this.#comeAgain();
    });
  }

  #comeAgain(): void {
    if (this.#disposed) return;
    this.#onLink({ kind: 'lost' });
    this.#retry = setTimeout(() => void this.again(), this.#retryMs * (0.5 + Math.random() / 2));
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }

  /** What was copied elsewhere can be pasted over there at once, where the browser was allowed to look. */
  async #bringClipboard(): Promise<void> {
    const text = await navigator.permissions
      .query({ name: 'clipboard-read' as PermissionName })
      .then(({ state }) => (state === 'granted' ? navigator.clipboard.readText() : null))
      .catch(() => null);
    if (text !== null && text !== '' && text !== this.#copied) this.#rfb?.clipboardPasteFrom(text);
  }

  #releaseKeys(): void {
    for (const [keysym, code] of MODIFIERS) this.#rfb?.sendKey(keysym, code, false);
  }
}
