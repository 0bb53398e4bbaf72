/** As much of SOCKS 5 (RFC 1928) as a browser speaks that is to ask for names. */
import type { Socket } from 'node:net';
import { ByteReader } from '@ckx/byte-reader';

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const CONNECT = 1;
const DOMAIN_NAME = 3;

export const REFUSALS = { notAllowed: 2, unreachable: 4 } as const;

export interface SocksRequest {
  readonly host: string;
  readonly port: number;
}

/** @returns null where it is no request to connect to a name. @throws Error where the client has gone. */
export async function readRequest(client: Socket): Promise<SocksRequest | null> {
  const reader = new ByteReader(client);
  const [version, methods = 0] = await reader.take(2);
  const offered = await reader.take(methods);
  if (version !== VERSION || !offered.includes(NO_AUTHENTICATION)) return null;
  client.write(Buffer.from([VERSION, NO_AUTHENTICATION]));
  const [again, command, , type] = await reader.take(4);
  if (again !== VERSION || command !== CONNECT || type !== DOMAIN_NAME) return null;
  const host = await reader.take(await reader.byte());
  return { host: host.toString('latin1'), port: (await reader.take(2)).readUInt16BE() };
}

/** Says no, and ends. */
export function refuse(client: Socket, code: number): void {
  client.end(answer(code));
}

export function succeed(client: Socket): void {
  client.write(answer(0));
}

/** With an address that says nothing. */
const answer = (code: number) => Buffer.from([VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0]);
