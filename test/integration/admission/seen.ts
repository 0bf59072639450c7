/** What the shoppers themselves saw of their passes: a look at the caps that needs neither the line nor its log. */

export interface SeenPass {
  readonly shopper: string;
  /** When `admitted` arrived; the pass is older than that. */
  readonly fromMs: number;
  readonly expiresAtMs: number;
  /** When its shopper gave it back or claimed all they may have; the pass lasted at least until then. */
  endedMs?: number;
}

/** The most passes that were in somebody's hands at the same moment. None of them lasted shorter than it is counted. */
export function mostAtOnce(passes: readonly SeenPass[]): number {
  const changes = passes.flatMap(({ fromMs, expiresAtMs, endedMs = expiresAtMs }) =>
    endedMs <= fromMs
      ? []
      : [
          { atMs: fromMs, by: 1 },
          { atMs: Math.min(endedMs, expiresAtMs), by: -1 },
        ],
  );
  let now = 0;
  let most = 0;
  for (const { by } of changes.sort((a, b) => a.atMs - b.atMs || a.by - b.by)) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

/** The most passes that were given within any second: when each was given follows from when it ends. */
export function mostWithinASecond(passes: readonly SeenPass[], passMs: number): number {
  const given = passes.map(({ expiresAtMs }) => expiresAtMs - passMs).sort((a, b) => a - b);
  let first = 0;
  let most = 0;
  for (const [at, atMs] of given.entries()) {
    while ((given[first] ?? atMs) <= atMs - 1_000) first += 1;
    most = Math.max(most, at - first + 1);
  }
  return most;
}
