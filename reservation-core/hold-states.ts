/**
 * Reads holds, and never changes one. How a record is written is lua/lib/holds.lua's; here is the one place that reads it
 * outside of Redis.
 */
import { LIMITS } from '../contracts/limits.ts';
import type { Keys } from './keys.ts';
import { requireRegion, type Shards } from './shards.ts';

export type HoldState = 'held' | 'sold' | 'released';

export interface HoldRecord {
  readonly claimId: string;
  readonly state: HoldState;
  /** Why it was released, in the script's word; empty for others. */
  readonly reason: string;
  readonly sku: string;
  readonly quantity: number;
  readonly shopperId: string;
  readonly untilMs: number;
}

export interface HoldPage {
  readonly holds: readonly HoldRecord[];
  /** Where to go on; '0' at the end. */
  readonly next: string;
}

export interface HoldStates {
  /** By claim; those without a hold are not in it. */
  find(dropId: string, region: string, claimIds: readonly string[]): Promise<ReadonlyMap<string, HoldRecord>>;
  /**
   * One step of a walk from '0' on that can be interrupted for as long as one likes: a hold that is there all the time is
   * in one page or more, which is how Redis walks through a hash that grows meanwhile.
   */
  page(dropId: string, region: string, from: string): Promise<HoldPage>;
  /** All of them, each once, up to LIMITS.rebuildClaims; more is a RangeError, never a part taken for the whole. */
  scan(dropId: string, region: string): AsyncGenerator<readonly HoldRecord[]>;
  /** Whether the region knows the drop's terms: without them it has lost its data, or the drop is long over. */
  isKnown(dropId: string, region: string): Promise<boolean>;
}

export function createHoldStates(options: { shards: Shards; keys: Keys }): HoldStates {
  const { shards, keys } = options;
  const at = (dropId: string, region: string) => {
    return { redis: requireRegion(shards, region).redis, ...keys.stock(dropId, region) };
  };

  async function page(dropId: string, region: string, from: string): Promise<HoldPage> {
    const { redis, holds } = at(dropId, region);
    const [next, flat] = await redis.hscan(holds, from, 'COUNT', LIMITS.holdsPage);
    return { next, holds: recordsOf(flat) };
  }

  async function* scan(dropId: string, region: string): AsyncGenerator<readonly HoldRecord[]> {
    const seen = new Set<string>();
    let from = '0';
    do {
      const { holds, next } = await page(dropId, region, from);
      const fresh = holds.filter(({ claimId }) => !seen.has(claimId));
      for (const { claimId } of fresh) seen.add(claimId);
      if (seen.size > LIMITS.rebuildClaims) {
        throw new RangeError(`${dropId} has more than ${LIMITS.rebuildClaims} holds in ${region}.`);
      }
      if (fresh.length > 0) yield fresh;
      from = next;
    } while (from !== '0');
  }

  return {
    page,
    scan,
    async find(dropId, region, claimIds) {
      const found = new Map<string, HoldRecord>();
      const { redis, holds } = at(dropId, region);
      for (let from = 0; from < claimIds.length; from += LIMITS.holdsPage) {
        const ids = claimIds.slice(from, from + LIMITS.holdsPage);
        const texts = await redis.hmget(holds, ...ids);
        ids.forEach((claimId, index) => {
          const text = texts[index];
          if (typeof text === 'string') found.set(claimId, parseHold(claimId, text));
        });
      }
      return found;
    },
    async isKnown(dropId, region) {
      const { redis, terms } = at(dropId, region);
      return (await redis.exists(terms)) === 1;
    },
  };
}

function recordsOf(flat: readonly string[]): HoldRecord[] {
  return Array.from({ length: flat.length / 2 }, (_, at) => parseHold(flat[2 * at] ?? '', flat[2 * at + 1] ?? ''));
}

export function parseHold(claimId: string, text: string): HoldRecord {
  const [state = '', sku = '', quantity = '', shopperId = '', untilMs = '', more] = text.split('|');
  const units = Number(quantity);
  if (untilMs === '' || more !== undefined || !Number.isSafeInteger(units)) {
    throw new Error(`The hold of ${claimId} is none: ${text.slice(0, 200)}`);
  }
  const how =
    state === 'held' || state === 'sold'
      ? ({ state, reason: '' } as const)
      : ({ state: 'released', reason: state } as const);
  return { claimId, ...how, sku, quantity: units, shopperId, untilMs: Number(untilMs) };
}
