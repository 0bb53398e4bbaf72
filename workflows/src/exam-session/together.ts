import { CancellationScope } from '@temporalio/workflow';

/** Like Promise.all, but none is left running when one has failed: the scope, in which all of them are, is cancelled. */
export async function together<T extends readonly unknown[]>(
  scope: CancellationScope,
  parts: { readonly [K in keyof T]: Promise<T[K]> },
): Promise<T> {
  try {
    return await Promise.all(parts);
  } catch (error) {
    scope.cancel();
    await Promise.allSettled(parts);
    throw error;
  }
}

/** Does `work` with each item, at most `size` at once; the first error ends the others, and comes when they have ended. */
export async function atMostAtOnce<T>(size: number, items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const scope = new CancellationScope();
  const waiting = items.values();
  const workOff = async () => {
    for (const item of waiting) await work(item);
  };
  await scope.run(() => together(scope, Array.from({ length: size }, workOff)));
}
