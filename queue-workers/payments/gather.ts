/** Collects what comes one by one into batches: while one batch is handled, the next fills. */
export interface Gatherer<T> {
  add(item: T): void;
  /** Resolves when everything that was added is handled. */
  idle(): Promise<void>;
}

export interface GathererOptions<T> {
  readonly most: number;
  /** Never rejects: what fails is told and mended where it is known what it means. */
  handle(batch: readonly T[]): Promise<void>;
}

/** Whoever adds bounds how much there can be at once. */
export function createGatherer<T>({ most, handle }: GathererOptions<T>): Gatherer<T> {
  let waiting: T[] = [];
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    // What is added in the same turn of the loop belongs together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, most);
      waiting = waiting.slice(most);
      await handle(batch);
    }
    running = undefined;
  }

  return {
    add(item) {
      waiting.push(item);
      running ??= run();
    },
    async idle() {
      while (running !== undefined) await running;
    },
  };
}
