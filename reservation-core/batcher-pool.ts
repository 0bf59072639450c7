/** One batcher for each (drop, region) or drop, made when first needed; those that nobody uses make room. */
import type { Batcher } from './batcher.ts';

export interface BatcherPool<Row, Reply> {
  of(name: string, make: () => Batcher<Row, Reply>): Batcher<Row, Reply>;
}

export function createBatcherPool<Row, Reply>(maxBatchers: number): BatcherPool<Row, Reply> {
  const batchers = new Map<string, Batcher<Row, Reply>>();
  return {
    of(name, make) {
      const known = batchers.get(name);
      if (known !== undefined) return known;
      if (batchers.size >= maxBatchers) {
        for (const [other, { depth }] of batchers) if (depth === 0) batchers.delete(other);
      }
      const made = make();
      batchers.set(name, made);
      return made;
    },
  };
}
