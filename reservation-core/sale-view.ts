/** A sale as it is now, for who watches it: reads only, and what cannot be read is said, not waited for. */
import { type DropDefinition, regionsOf } from '../contracts/drop.ts';
import type { Keys } from './keys.ts';
import { readRefusalCounts } from './refusal-counts.ts';
import type { Shards } from './shards.ts';
import { parseLedger, type StockLedger } from './stock.ts';

type Core = { readonly shards: Shards; readonly keys: Keys };

export interface LineView {
  readonly lanes: readonly { readonly name: string; readonly waiting: number; readonly entrants: number }[];
  /** Places that were ever taken, whether somebody is at them still or not. */
  readonly joined: number;
  /** Live passes, and those of shoppers whose region has nothing left. */
  readonly active: number;
  readonly stalled: number;
  /** Since the drop began: places called, passed over; passes picked up, not picked up, run out, given back, used up. */
  readonly totals: Readonly<Record<LineTotal, number>>;
  /** Of a lottery: whether its places have been drawn. */
  readonly isDrawn: boolean;
}

const TOTALS = ['called', 'skipped', 'picked', 'noShows', 'lapsed', 'left', 'done'] as const;
export type LineTotal = (typeof TOTALS)[number];

export interface RegionView {
  readonly region: string;
  /** Undefined where the region cannot be read. */
  readonly skus: ReadonlyMap<string, StockLedger> | undefined;
  /** Claims that were ever won. */
  readonly claims: number;
}

export interface SaleView {
  /** Undefined where the home cannot be read. */
  readonly line: LineView | undefined;
  readonly regions: readonly RegionView[];
  readonly refusals: Readonly<Record<string, number>>;
}

export async function readSale(core: Core, drop: DropDefinition): Promise<SaleView> {
  const [line, refusals, regions] = await Promise.all([
    readLine(core, drop).catch(() => undefined),
    readRefusalCounts(core, drop.id).catch(() => ({})),
    Promise.all(regionsOf(drop).map((region) => readRegion(core, drop.id, region))),
  ]);
  return { line, refusals, regions };
}

export async function readLine({ shards, keys }: Core, drop: DropDefinition): Promise<LineView> {
  const { redis } = shards.home;
  const at = keys.line(drop.id);
  const [fields, active, stalled] = await Promise.all([
    redis.hgetall(at.line),
    redis.zcard(at.passes),
    redis.scard(at.stalled),
  ]);
  const count = (name: string): number => Number(fields[name] ?? '0');
  const lanes = drop.lanes.map(({ name }) => ({
    name,
    waiting: count(`waiting:${name}`),
    entrants: count(`entrants:${name}`),
  }));
  // The list of a lottery's entrants becomes its first places.
  const joined = drop.lanes.reduce(
    (sum, { name }) => sum + Math.max(count(`tail:${name}`), count(`entrants:${name}`)),
    0,
  );
  const totals = {
    ...{ called: count('called'), skipped: count('skipped'), picked: count('picked'), noShows: count('noShows') },
    ...{ lapsed: count('lapsed'), left: count('left'), done: count('done') },
  };
  return { lanes, joined, active, stalled, totals, isDrawn: fields['draw'] === 'done' };
}

async function readRegion({ shards, keys }: Core, dropId: string, region: string): Promise<RegionView> {
  const redis = shards.region(region)?.redis;
  const at = keys.stock(dropId, region);
  try {
    if (redis === undefined) return { region, skus: undefined, claims: 0 };
    const [fields, claims] = await Promise.all([redis.hgetall(at.stock), redis.hlen(at.holds)]);
    return { region, skus: parseLedger(fields), claims };
  } catch {
    return { region, skus: undefined, claims: 0 };
  }
}
