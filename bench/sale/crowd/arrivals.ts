/** When so many come within a time: at random moments (as a Poisson process that brings exactly these), the earliest first. */
export function arrivalTimes(count: number, withinMs: number, random: () => number): number[] {
  return Array.from({ length: count }, () => random() * withinMs).sort((a, b) => a - b);
}
