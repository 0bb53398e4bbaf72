/** What a host's process remembers of the node that sessions share; all of it can be found out again. */
export interface SharedNodeMemory {
  /** The last of what is done one after the other: a session that comes to the node, and the removal of a node that nobody uses. */
  turn: Promise<unknown>;
  /** The start (as the engine tells it) that is known to have come up. */
  standing: string | null;
  /** Its return, while it is under way. */
  returning: Promise<void> | null;
  /** Since when no session has used it, and since when it has not answered, by the clock of `performance`; null where it is otherwise. */
  unusedSince: number | null;
  silentSince: number | null;
}

export function emptyMemory(): SharedNodeMemory {
  return { turn: Promise.resolve(), standing: null, returning: null, unusedSince: null, silentSince: null };
}

/** Runs `work` after everything that was begun here before. */
export async function inTurn<T>(memory: SharedNodeMemory, work: () => Promise<T>): Promise<T> {
  const mine = memory.turn.then(work);
  memory.turn = mine.catch(() => undefined);
  return mine;
}
