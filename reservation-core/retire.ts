/**
 * Lets the keys of a drop go some time after its end. Not before nothing is held, nothing waits in an outbox and no units
 * are on their way: what was promised is finished first, however long that takes.
 */
import { type DropDefinition, regionsOf } from '../contracts/drop.ts';
import { LIFETIMES } from '../contracts/limits.ts';
import type { Keys } from './keys.ts';
import { createTransfers } from './regions/transfers.ts';
import { requireRegion, type Shard, type Shards } from './shards.ts';
import { createStock } from './stock.ts';

export type Retirement = 'going on' | 'not finished' | 'retired';

export async function retireDrop(
  options: { readonly shards: Shards; readonly keys: Keys },
  drop: DropDefinition,
  nowMs: number,
): Promise<Retirement> {
  const { shards, keys } = options;
  if (drop.state !== 'ended' && nowMs < drop.endsAt) return 'going on';
  const stocks = regionsOf(drop).map((region) => ({
    region,
    shard: requireRegion(shards, region),
    keys: keys.stock(drop.id, region),
  }));
  const transfers = createTransfers({ shards, keys });
  const ledgers = createStock({ shards, keys });
  for (const { region, shard, keys: stock } of stocks) {
    const [ledger, waiting] = await Promise.all([ledgers.ledger(drop.id, region), shard.redis.xlen(stock.outbox)]);
    const held = [...ledger.values()].reduce((units, counts) => units + counts.held, 0);
    const onTheirWay = await transfers.open(drop.id, region);
    if (held > 0 || waiting > 0 || onTheirWay.length > 0) return 'not finished';
  }
  const untilMs = Math.max(nowMs, drop.endsAt) + LIFETIMES.dropKeysAfterEndMs;
  for (const { shard, keys: stock } of stocks) await expireAll(shard, Object.values(stock), untilMs);
  await expireAll(shards.home, Object.values(keys.line(drop.id)), untilMs);
  // Last: a retirement that was cut short is done again.
  await shards.home.redis.srem(keys.drops, drop.id);
  return 'retired';
}

async function expireAll({ redis }: Shard, names: readonly string[], untilMs: number): Promise<void> {
  await Promise.all(names.map((name) => redis.pexpireat(name, untilMs)));
}
