/** Finds the answer to a challenge: `proof` of a join. May take seconds, so a page does it in a worker. */
export type Solver = (challenge: string) => Promise<string>;
