import { table } from '@ckx/cli';
import type { GatewayFigures } from './gateway.ts';

const AIMS = { echoSessions: 8, echoMs: 30, ratio: 0.6 };

export function describeGateway({ echo, throughput, outputMib }: GatewayFigures): string {
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const met = (reached: boolean) => (reached ? 'met' : 'not met');
  const aimed = echo.find(({ sessions }) => sessions === AIMS.echoSessions);
  const ratio = throughput.gateway / throughput.ssh;
  const aims = [
    ...(aimed === undefined
      ? []
      : [`echo p95 under ${AIMS.echoMs} ms with ${AIMS.echoSessions} sessions (${met(aimed.gatewayMs.p95 < AIMS.echoMs)})`]),
    `throughput at least ${AIMS.ratio} of ssh (${ratio.toFixed(2)}, ${met(ratio >= AIMS.ratio)})`,
  ];
  return [
    table(
      ['echo of a key', 'gateway p50', 'p95', 'ssh p50', 'p95'],
      echo.map(({ sessions, gatewayMs, sshMs }) => [
        `${sessions} ${sessions === 1 ? 'session types' : 'sessions type'}`,
        ms(gatewayMs.p50),
        ms(gatewayMs.p95),
        ms(sshMs.p50),
        ms(sshMs.p95),
      ]),
    ),
    table(
      [`${outputMib} MiB shown`, 'MiB/s'],
      [
        ['gateway', throughput.gateway.toFixed(1)],
        ['ssh', throughput.ssh.toFixed(1)],
        ['ssh with tmux', throughput.sshWithTmux.toFixed(1)],
      ],
    ),
    `The gateway shows a tmux, which keeps up with the output and shows the screen as it is then. Aims: ${aims.join(', ')}.`,
  ].join('\n\n');
}
