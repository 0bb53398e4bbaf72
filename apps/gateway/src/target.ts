import type { KeyObject } from 'node:crypto';
import {
  CkxError,
  CONNECTION_ENDS,
  DESKTOP_SECRET_PURPOSE,
  DesktopSecret,
  EnvironmentFacts,
  SessionPorts,
  TERMINAL_KEY_PURPOSE,
  type ExamSessionId,
} from '@ckx/contracts';
import { mapDatabaseError, type DataSource } from '@ckx/persistence';
import { open } from '@ckx/sealed-secrets';
import { z } from 'zod';

/** Where a session's parts are: what Postgres says at this moment, kept nowhere else. */
export interface Target {
  readonly examSessionId: ExamSessionId;
  readonly hostId: string;
  /** Of the host's published ports. */
  readonly address: string;
  readonly ports: SessionPorts;
  /** The session has a desktop, open or not. */
  readonly desktop: boolean;
  /** null until the host has said them. */
  readonly facts: EnvironmentFacts | null;
}

const Row = z.object({
  hostId: z.string(),
  address: z.string(),
  ports: SessionPorts,
  desktop: z.boolean(),
  facts: EnvironmentFacts.nullable(),
});

/** @returns null while the session has no environment. @throws CkxError operational `DATABASE_UNAVAILABLE`. */
export async function readTarget(dataSource: DataSource, examSessionId: ExamSessionId): Promise<Target | null> {
  const rows: unknown = await dataSource
    .query(
      `SELECT e.host_id AS "hostId", h.address, e.spec->'ports' AS ports, e.facts,
              coalesce((e.spec->'needs'->>'desktop')::boolean, false) AS desktop
         FROM environments e JOIN hosts h ON h.id = e.host_id
        WHERE e.exam_session_id = $1 AND e.state <> 'destroyed'`,
      [examSessionId],
    )
    .catch((error: unknown) => {
      throw mapDatabaseError(error);
    });
  const [row] = z.array(Row).parse(rows);
  return row === undefined ? null : { examSessionId, ...row };
}

/** What a terminal is entered with. */
export interface TerminalAccess {
  readonly host: string;
  readonly port: number;
  /** Host key as SSH sends it: whoever answers with another is not the terminal. */
  readonly hostKey: Buffer;
  readonly privateKey: string;
}

/** @throws CkxError user `NOT_THERE` where the host left the gateway no key; bug `SECRET_NOT_OPENED`. */
export function terminalAccess({ examSessionId, address, ports, facts }: Target, gatewayKey: KeyObject): TerminalAccess {
  if (facts?.terminalKey === undefined) {
    throw new CkxError('user', 'NOT_THERE', 'The terminal of this session cannot be reached from a browser.', {
      remedy: 'Give its host the GATEWAY_PUBLIC_KEY of this gateway; sessions that begin from then on can be reached.',
    });
  }
  return {
    host: address,
    port: ports.sshTerminal,
    hostKey: Buffer.from(facts.sshHostKey.split(' ')[1] ?? '', 'base64'),
    privateKey: open(gatewayKey, facts.terminalKey, { examSessionId, purpose: TERMINAL_KEY_PURPOSE }),
  };
}

/** What a desktop is entered with. */
export interface DesktopAccess {
  readonly host: string;
  readonly port: number;
  readonly secret: DesktopSecret;
}

/**
 * @throws CkxError user `NOT_THERE` where the session has no desktop; operational `UNREACHABLE` while it is not open; bug `SECRET_NOT_OPENED`.
 */
export function desktopAccess({ examSessionId, address, ports, desktop, facts }: Target, gatewayKey: KeyObject): DesktopAccess {
  if (!desktop) throw new CkxError('user', 'NOT_THERE', CONNECTION_ENDS.NOT_THERE.message);
  if (facts?.desktopSecret === undefined) throw new CkxError('operational', 'UNREACHABLE', 'The desktop is not open yet.');
  const secret: unknown = JSON.parse(open(gatewayKey, facts.desktopSecret, { examSessionId, purpose: DESKTOP_SECRET_PURPOSE }));
  return { host: address, port: ports.vnc, secret: DesktopSecret.parse(secret) };
}
