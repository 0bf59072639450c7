const HOUR_MS = 3_600_000;

/** Of the day, UTC. */
export function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS) % 24;
}
