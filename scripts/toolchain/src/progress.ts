/** Progress for people: one line per step with seconds, and a sign of life every so often while a step is long. */
export type Log = (line: string) => void;

const HEARTBEAT_MS = 20_000;

/** Runs one step and says how long it took; a step under `quietMs` that went well says nothing. */
export async function step<T>(log: Log, name: string, work: () => Promise<T>, quietMs = 0): Promise<T> {
  const startedAt = performance.now();
  const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  const heartbeat = setInterval(() => log(`${name} … ${seconds()}`), HEARTBEAT_MS);
  try {
    const result = await work();
    if (performance.now() - startedAt >= quietMs) log(`${name}: ${seconds()}`);
    return result;
  } catch (error) {
    log(`${name}: failed after ${seconds()}`);
    throw error;
  } finally {
    clearInterval(heartbeat);
  }
}
