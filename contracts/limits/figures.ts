/** What is counted, and the reports that come of it. */

export const FIGURES_LIMITS = {
  /** Figures that wait in a process of the store; beyond it they are dropped and counted. */
  figuresWaiting: 20_000,
  /** Figures that go to Kafka in one message batch. */
  figuresBatch: 2_000,
} as const;

export const FIGURES_INTERVALS = {
  /** How long a figure waits for others to go with. */
  figuresEveryMs: 500,
} as const;

export const FIGURES_LIFETIMES = {} as const;
