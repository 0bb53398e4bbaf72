import { CkxError, PORT_KINDS, type HostFacts, type PortKind, type PortRange, type SessionPorts } from '@ckx/contracts';

export type PortRanges = HostFacts['portRanges'];

/** Ports of a range that are not taken, lowest first. */
function* freePorts(range: PortRange, taken: ReadonlySet<number>): Generator<number, undefined> {
  for (let port = range.start; port <= range.end; port += 1) if (!taken.has(port)) yield port;
}

/**
 * The lowest port of a kind that is free.
 *
 * @throws CkxError operational `PORTS_EXHAUSTED`, with the kind in its details.
 */
export function choosePort(kind: PortKind, ranges: PortRanges, taken: ReadonlySet<number>): number {
  const range = ranges[kind];
  const port = freePorts(range, taken).next().value;
  if (port === undefined) {
    throw new CkxError('operational', 'PORTS_EXHAUSTED', `Every ${kind} port from ${range.start} to ${range.end} is taken.`, {
      remedy: 'Wait until a session ends, or widen the range of the host.',
      details: { kind },
    });
  }
  return port;
}

/**
 * One port of each kind, the lowest that is free; ranges may overlap, a port is chosen once.
 *
 * @throws CkxError as {@link choosePort}.
 */
export function choosePorts(ranges: PortRanges, taken: Iterable<number>): SessionPorts {
  const unavailable = new Set(taken);
  const choose = (kind: PortKind): number => {
    const port = choosePort(kind, ranges, unavailable);
    unavailable.add(port);
    return port;
  };
  return { vnc: choose('vnc'), sshTerminal: choose('sshTerminal'), sshJumphost: choose('sshJumphost'), k8sApi: choose('k8sApi') };
}

/** What a range holds, by kind: how many ports are allocated to the kind, free (set aside is not), and there at all. */
export function countPorts(
  ranges: PortRanges,
  allocations: readonly { readonly kind: PortKind; readonly port: number }[],
  setAside: readonly number[] = [],
) {
  const taken = new Set([...allocations.map(({ port }) => port), ...setAside]);
  return PORT_KINDS.map((kind) => ({
    kind,
    allocated: allocations.filter((allocation) => allocation.kind === kind).length,
    available: [...freePorts(ranges[kind], taken)].length,
    total: [...freePorts(ranges[kind], new Set())].length,
  }));
}
