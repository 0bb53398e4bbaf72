/** What we use of noVNC 1.7, which brings no types (docs/API.md of the package). */
declare module '@novnc/novnc' {
  interface RfbEvents {
    connect: CustomEvent<object>;
    disconnect: CustomEvent<{ readonly clean: boolean }>;
    clipboard: CustomEvent<{ readonly text: string }>;
  }

  export default class RFB {
    constructor(target: HTMLElement, channel: WebSocket);
    /** Shrinks or grows the picture to the element. */
    scaleViewport: boolean;
    /** Asks the desktop for the element's size. */
    resizeSession: boolean;
    background: string;
    addEventListener<Name extends keyof RfbEvents>(name: Name, listener: (event: RfbEvents[Name]) => void): void;
    sendKey(keysym: number, code: string, down?: boolean): void;
    clipboardPasteFrom(text: string): void;
    focus(): void;
    disconnect(): void;
  }
}
