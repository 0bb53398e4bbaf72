/** Server-sent events (WHATWG HTML, 9.2) from a fetch response: an EventSource cannot bear an access token. */
export interface ServerSentEvent {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** Reads a stream in whatever pieces it comes. Comments are passed over. */
export class EventStreamParser {
  #rest = '';
  #id: string | undefined;
  #event = 'message';
  #data: string[] = [];

  /** @returns the events that this piece completes. */
  push(text: string): ServerSentEvent[] {
    const whole = this.#rest + text;
    // A CR at the end may be half of a CRLF.
    const lines = whole.split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop() ?? '';
    return lines.flatMap((line) => this.#line(line) ?? []);
  }

  #line(line: string): ServerSentEvent | null {
    if (line === '') {
      const complete = this.#data.length === 0 ? null : { id: this.#id, event: this.#event, data: this.#data.join('\n') };
      this.#event = 'message';
      this.#data = [];
      return complete;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') this.#id = value;
    else if (field === 'event') this.#event = value;
    else if (field === 'data') this.#data.push(value);
    return null;
  }
}
