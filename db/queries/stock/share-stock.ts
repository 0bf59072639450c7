import { type LockedShelf, type Shelf, shelfKey } from './lock-stock.ts';

export interface StockPart extends Shelf {
  /** Of the order. */
  readonly line: number;
  readonly quantity: number;
}

export interface StockRequest {
  readonly orderId: string;
  /** Where there is not enough for all, the lower one is served first; of the same rank, who was first in the list. */
  readonly rank: number;
  readonly untilMs: number;
  readonly parts: readonly StockPart[];
}

/** Which requests are served: each with all of its parts or not at all. One that does not fit lets smaller ones pass. */
export function shareStock(
  requests: readonly StockRequest[],
  shelves: ReadonlyMap<string, Pick<LockedShelf, 'available'>>,
): StockRequest[] {
  const left = new Map([...shelves].map(([key, { available }]) => [key, available]));
  return requests
    .toSorted((a, b) => a.rank - b.rank)
    .filter(({ parts }) => {
      const asked = new Map<string, number>();
      for (const part of parts) asked.set(shelfKey(part), (asked.get(shelfKey(part)) ?? 0) + part.quantity);
      const fits = asked.size > 0 && [...asked].every(([key, quantity]) => quantity <= (left.get(key) ?? 0));
      if (fits) for (const [key, quantity] of asked) left.set(key, (left.get(key) ?? 0) - quantity);
      return fits;
    });
}
