/** An SMTP server of tests, on a port of its own. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text as readAll } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: readonly string[];
  /** Headers and parts, quoted-printable undone as far as tests read it. */
  readonly raw: string;
  readonly messageId: string;
}

export interface SmtpReceiver {
  readonly url: string;
  readonly received: ReceivedMail[];
  /** How many mails are refused for now before one is taken. */
  refusals: number;
  /** Recipients that are refused for good. */
  readonly unknown: Set<string>;
  close(): Promise<void>;
}

export async function startSmtp(): Promise<SmtpReceiver> {
  const received: ReceivedMail[] = [];
  const unknown = new Set<string>();
  const state = { refusals: 0 };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) => {
      done(unknown.has(address) ? Object.assign(new Error('no such mailbox'), { responseCode: 550 }) : null);
    },
    onData: (stream, session, done) => {
      void readAll(stream).then((source) => {
        if (state.refusals > 0) {
          state.refusals -= 1;
          done(new Error('try again later'));
          return;
        }
        const raw = source.replaceAll('=\r\n', '').replaceAll('=3D', '=');
        received.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          raw,
          messageId: /^Message-ID: (\S+)/im.exec(raw)?.[1] ?? '',
        });
        done();
      });
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    unknown,
    get refusals() {
      return state.refusals;
    },
    set refusals(value) {
      state.refusals = value;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
