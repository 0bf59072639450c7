import { describe, expect, it } from 'vitest';
import type { DropDefinition } from '../contracts/drop.ts';
import { liveDrop, newId, PASS_UNTIL_MS } from '../test/fixtures/drop.ts';
import { useShards } from '../test/fixtures/shards.ts';
import { useRedis } from '../test/servers/redis.ts';
import { type Claims, createClaims } from './claims.ts';
import { createDrops } from './drops.ts';
import type { StockClaimRow } from './generated/stock-claim.ts';
import { createStock, isBalanced } from './stock.ts';

const NOW = 1_800_000_000_000;
const SKU = 'SNEAKER-42';
const redis = useRedis();
const core = useShards(redis);

async function setup(changes: Partial<DropDefinition> = {}) {
  const { shards, keys } = core;
  const clock = { nowMs: NOW, now: () => clock.nowMs };
  const failures: unknown[] = [];
  const drop = liveDrop(NOW, changes);
  const drops = createDrops({ shards, keys });
  await drops.publish(drop);
  const caller = () => createClaims({ shards, keys, clock, onFailedCall: (error) => failures.push(error) });
  const [here, elsewhere] = [caller(), caller()];
  const claimBy = async (claims: Claims, row: Partial<StockClaimRow>, region: string) => {
    const answer = await claims.claim(drop.id, region, rowOf(row));
    return answer.ok ? answer.reply : answer.code;
  };
  const stock = createStock({ shards, keys });
  return {
    drop,
    drops,
    clock,
    failures,
    claim: (row: Partial<StockClaimRow> = {}, region = 'eu') => claimBy(here, row, region),
    claimElsewhere: (row: Partial<StockClaimRow> = {}, region = 'eu') => claimBy(elsewhere, row, region),
    async ledger(region = 'eu', sku = SKU) {
      const ledger = (await stock.ledger(drop.id, region)).get(sku);
      if (ledger === undefined) throw new Error('no such sku');
      expect(isBalanced(ledger)).toBe(true);
      return ledger;
    },
    async outbox(region = 'eu') {
      const entries = await shards.home.redis.xrange(keys.stock(drop.id, region).outbox, '-', '+');
      return entries.flatMap(([, fields]) => fields.filter((_, at) => at % 2 === 1));
    },
  };
}

function rowOf(row: Partial<StockClaimRow>): StockClaimRow {
  const claimId = row.claimId ?? newId();
  const times = { holdUntilMs: NOW + 600_000, passUntilMs: PASS_UNTIL_MS };
  return {
    key: claimId,
    shopperId: newId(),
    sku: SKU,
    quantity: 1,
    unitPrice: 4_900,
    payment: '',
    ...times,
    ...row,
    claimId,
  };
}

describe('claim', () => {
  it('takes units, records the hold and its event, and keeps the ledger balanced', async () => {
    const { claim, ledger, outbox } = await setup();
    expect(await claim({ quantity: 2, unitPrice: 4_900 })).toMatchObject({ reply: 'WON' });
    expect(await ledger()).toEqual({ allocated: 6, in: 0, out: 0, available: 4, held: 2, sold: 0 });
    expect(await ledger('asia')).toMatchObject({ available: 4, held: 0 });
    const [words = ''] = await outbox();
    expect(words).toMatch(/^[0-9a-f-]{36}\|SNEAKER-42\|2\|[0-9a-f-]{36}\|[0-9a-f-]{36}\|\d+\|4900\|$/);
  });

  it('tells the payment method of the first claim with a key, whatever a repeat names', async () => {
    const { claim, outbox } = await setup();
    const [shopperId, claimId, payment] = [newId(), newId(), newId()];
    expect(await claim({ key: 'k', shopperId, claimId, payment })).toMatchObject({ reply: 'WON' });
    expect(await claim({ key: 'k', shopperId, payment: newId() })).toMatchObject({ reply: 'REPLAYED', claimId });
    expect(await claim({ key: 'k', shopperId })).toMatchObject({ reply: 'REPLAYED', claimId });
    const words = await outbox();
    expect(words).toHaveLength(1);
    expect(words[0]?.split('|').at(-1)).toBe(payment);
  });

  it('answers a repeated key with the first answer, and refuses it with other content', async () => {
    const { claim, ledger, outbox, clock } = await setup();
    const shopperId = newId();
    const claimId = newId();
    const holdUntilMs = NOW + 5;
    expect(await claim({ key: 'k', shopperId, claimId, holdUntilMs })).toMatchObject({ reply: 'WON' });
    const replayed = { reply: 'REPLAYED', claimId, holdUntilMs, left: 1 };
    expect(await claim({ key: 'k', shopperId })).toEqual(replayed);
    expect(await claim({ key: 'k', shopperId, quantity: 2 })).toEqual({ reply: 'KEY_REUSED' });
    expect(await claim({ key: 'k', shopperId: newId() })).toMatchObject({ reply: 'WON' });
    clock.nowMs = NOW + 10_000_000;
    expect(await claim({ key: 'k', shopperId })).toEqual(replayed);
    expect(await ledger()).toMatchObject({ available: 4, held: 2 });
    expect(await outbox()).toHaveLength(2);
  });

  it('answers each row of a batch as if it came alone: same key twice, same shopper twice, the last unit twice', async () => {
    const { claim, ledger } = await setup({ perShopperLimit: 5 });
    const shopperId = newId();
    const [first, again, other, tooMany] = await Promise.all([
      claim({ key: 'a', shopperId, quantity: 3, claimId: newId() }),
      claim({ key: 'a', shopperId, quantity: 3, claimId: newId() }),
      claim({ key: 'a', shopperId, quantity: 1, claimId: newId() }),
      claim({ key: 'b', shopperId, quantity: 3, claimId: newId() }),
    ]);
    expect(first).toMatchObject({ reply: 'WON' });
    expect(again).toMatchObject({ reply: 'REPLAYED' });
    expect(other).toEqual({ reply: 'KEY_REUSED' });
    expect(tooMany).toEqual({ reply: 'LIMIT_REACHED' });
    const rest = await Promise.all([claim({ quantity: 2 }), claim({ quantity: 2 }), claim({ quantity: 1 })]);
    expect(rest.map((answer) => (typeof answer === 'string' ? answer : answer.reply))).toEqual([
      'WON',
      'SOLD_OUT',
      'WON',
    ]);
    expect(await ledger()).toMatchObject({ available: 0, held: 6 });
  });

  it('knows its own claim again when the first answer was lost on the way', async () => {
    const { claim, outbox } = await setup();
    const shopperId = newId();
    const claimId = newId();
    expect(await claim({ key: 'k', shopperId, claimId })).toMatchObject({ reply: 'WON' });
    expect(await claim({ key: 'k', shopperId, claimId })).toMatchObject({ reply: 'WON' });
    expect(await outbox()).toHaveLength(1);
  });

  it('is refused before the start, after the end, while paused and for what is not there', async () => {
    const { claim, clock, drop, drops } = await setup();
    const reply = async (row = {}, region = 'eu') => {
      const answer = await claim(row, region);
      return typeof answer === 'string' ? answer : answer.reply;
    };
    expect(await reply({ sku: 'NOTHING' })).toBe('UNKNOWN_SKU');
    expect(await reply({}, 'mars')).toBe('UNKNOWN_REGION');
    clock.nowMs = drop.startsAt - 1;
    expect(await reply()).toBe('NOT_STARTED');
    clock.nowMs = drop.endsAt;
    expect(await reply()).toBe('ENDED');
    clock.nowMs = NOW;
    expect(await drops.publish({ ...drop, revision: 2, state: 'paused' })).toEqual({ reply: 'PUBLISHED' });
    expect(await reply()).toBe('PAUSED');
    expect(await drops.publish(drop)).toEqual({ reply: 'OLDER', revision: 2 });
    expect(await reply()).toBe('PAUSED');
  });

  it('sells exactly what there is to callers that do not know of each other', async () => {
    const { claim, claimElsewhere, ledger, outbox } = await setup({ perShopperLimit: 1 });
    const race = Array.from({ length: 500 }, (_, at) => (at % 2 === 0 ? claim() : claimElsewhere()));
    const replies = await Promise.all(race);
    expect(replies.filter((answer) => typeof answer === 'object' && answer.reply === 'WON')).toHaveLength(6);
    expect(await ledger()).toMatchObject({ available: 0, held: 6 });
    expect(await outbox()).toHaveLength(6);
  });

  it('goes on after Redis forgot the scripts', async () => {
    const { claim, failures } = await setup();
    await core.shards.home.redis.script('FLUSH');
    expect(await claim()).toMatchObject({ reply: 'WON' });
    expect(failures).toEqual([]);
  });

  it('is not given units again when a drop is published again', async () => {
    const { claim, ledger, drop, drops } = await setup();
    await claim({ quantity: 2 });
    expect(await drops.publish(drop)).toEqual({ reply: 'SAME' });
    expect(await ledger()).toMatchObject({ allocated: 6, available: 4, held: 2 });
  });
});

describe('drops', () => {
  it('come back as they were published, and are listed', async () => {
    const { drop, drops } = await setup();
    expect(await drops.find(drop.id)).toEqual(drop);
    expect(await drops.find(newId())).toBeUndefined();
    expect(await drops.ids()).toContain(drop.id);
  });

  it('are refused when they are none, or give units to a region that is not there', async () => {
    const { drop, drops } = await setup();
    await expect(drops.publish({ ...drop, perShopperLimit: 0 })).rejects.toThrow('perShopperLimit');
    const skus = [{ sku: SKU, title: 'x', price: 1, allocation: { mars: 1 } }];
    await expect(drops.publish({ ...drop, id: newId(), skus })).rejects.toMatchObject({ code: 'UNKNOWN_REGION' });
  });
});
