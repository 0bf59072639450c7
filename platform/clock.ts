/** Epoch milliseconds, UTC. Passed in wherever the time matters, so that tests and simulations own it. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
