import { toFailure } from './failure.ts';

/** The same activity, with errors that Temporal can carry. */
export function carry<Q, A>(activity: (request: Q) => Promise<A>): (request: Q) => Promise<A> {
  return async (request) => {
    try {
      return await activity(request);
    } catch (error) {
      throw toFailure(error);
    }
  };
}
