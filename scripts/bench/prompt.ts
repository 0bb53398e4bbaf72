import type { Client, ClientChannel } from 'ssh2';

/** A prompt of a terminal. */
export interface Prompt {
  /** Types a command and Enter; resolves with the milliseconds until its end is shown. @throws where it fails. */
  run(command: string): Promise<number>;
}

/**
 * A shell with a terminal of its own, as a person has it: a command without one is held up twice by 40 ms, since OpenSSH's server lets
 * small packets wait for company wherever nobody can be typing.
 */
export async function openPrompt(client: Client): Promise<Prompt> {
  client.setNoDelay(true);
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.exec('bash -l', { pty: { cols: 120, rows: 40, term: 'xterm-256color' } }, (error, opened) =>
      error ? reject(error) : resolve(opened),
    );
  });
  let shown = '';
  let look = () => {};
  let fail = (_why: Error) => {};
  channel.once('close', () => fail(new Error(`The shell ended: ${shown}`)));
  channel.on('data', (data: Buffer) => {
    shown = (shown + data.toString('latin1')).slice(-4_096);
    look();
  });
  let count = 0;
  return {
    run: (command) =>
      new Promise((resolve, reject) => {
        const number = (count += 1);
        const begun = performance.now();
        fail = reject;
        look = () => {
          if (shown.includes(`alright${number};`)) resolve(performance.now() - begun);
          else if (shown.includes(`failed${number};`)) reject(new Error(`${command} failed: ${shown}`));
        };
        // In two halves, so that what is typed is not taken for what is printed.
        channel.write(`${command} && echo al""right"${number};" || echo fai""led"${number};"\r`);
      }),
  };
}
