/** A drop as its merchant wants it, and what has to be known to judge it. */
import type { DropDefinition } from '../../contracts/drop.ts';

export type DropPlan = Omit<DropDefinition, 'id' | 'revision' | 'state' | 'commit'>;

/** What the merchant said: everything that has a sensible default may be missing. */
export interface DropWish {
  readonly title?: string | undefined;
  readonly currency?: string | undefined;
  readonly items: readonly WishedItem[];
  readonly mode?: DropPlan['mode'] | undefined;
  readonly lobbyOpensAt?: number | undefined;
  readonly startsAt: number;
  readonly endsAt?: number | undefined;
  readonly perShopperLimit?: number | undefined;
  readonly holdSeconds?: number | undefined;
  readonly passSeconds?: number | undefined;
  readonly admission?: { readonly perSecond?: number | undefined; readonly maxActive?: number | undefined } | undefined;
  readonly lanes?: DropPlan['lanes'] | undefined;
  readonly challenge?: DropPlan['challenge'] | undefined;
}

export interface WishedItem {
  readonly sku: string;
  readonly title?: string | undefined;
  readonly price?: number | undefined;
  readonly allocation: Readonly<Record<string, number>>;
}

export interface OfferedVariant {
  readonly sku: string;
  readonly title: string;
  readonly price: number;
  readonly currency: string;
  /** False for one that was archived, or whose product is not sold. */
  readonly isSold: boolean;
}

export interface StockedShelf {
  readonly sku: string;
  readonly warehouseId: string;
  /** As people call it. */
  readonly warehouse: string;
  /** Promised to nobody. */
  readonly available: number;
}

export interface OtherDrop {
  readonly dropId: string;
  readonly title: string;
  readonly sku: string;
  readonly lobbyOpensAt: number;
  readonly endsAt: number;
}

export interface DropFacts {
  readonly nowMs: number;
  readonly regions: readonly string[];
  /** Of the merchant's own. */
  readonly variants: readonly OfferedVariant[];
  readonly shelves: readonly StockedShelf[];
  /** Of the same items, scheduled or paused. */
  readonly otherDrops: readonly OtherDrop[];
}

export function unitsOf({ allocation }: { readonly allocation: Readonly<Record<string, number>> }): number {
  return Object.values(allocation).reduce((sum, units) => sum + units, 0);
}
