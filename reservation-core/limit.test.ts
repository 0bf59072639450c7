import { describe, expect, it } from 'vitest';
import { EVERYBODY, joinRow, liveDrop, newId, PASS_UNTIL_MS } from '../test/fixtures/drop.ts';
import { TEST_REGIONS, useShards } from '../test/fixtures/shards.ts';
import { useRedis } from '../test/servers/redis.ts';
import { createClaims } from './claims.ts';
import { createDrops } from './drops.ts';
import { createLine } from './line.ts';

const NOW = 1_800_000_000_000;
const SKU = 'SNEAKER-42';
const SHOPPERS = 20;
const DEVICES = 6;
const CLAIMS_EACH = 4;
const LIMIT = 2;

const core = useShards(useRedis());

/** An edge of its own: it shares nothing with the others but Redis. */
function createEdge(clock: { now(): number }) {
  const { shards, keys } = core;
  const onFailedCall = () => undefined;
  return {
    line: createLine({ shards, keys, clock, edge: newId(), onFailedCall }),
    claims: createClaims({ shards, keys, clock, onFailedCall }),
  };
}

type Edge = ReturnType<typeof createEdge>;

describe("a shopper's limit", () => {
  it('holds over all regions, however often and from wherever they join, leave and claim at the same time', async () => {
    const allocation = Object.fromEntries(TEST_REGIONS.map((region) => [region, 1_000]));
    const skus = [{ sku: SKU, title: 'Sneaker', price: 1, allocation }];
    const drop = liveDrop(NOW, { skus, perShopperLimit: LIMIT, admission: { perSecond: 10_000, maxActive: 10_000 } });
    await createDrops(core).publish(drop);
    const clock = { now: () => NOW };
    const edges = new Map(TEST_REGIONS.map((region) => [region, createEdge(clock)]));
    const shoppers = Array.from({ length: SHOPPERS }, newId);
    const won = new Map<string, number>();
    const regionsOf = new Map<string, Set<string>>();

    async function claim({ line, claims }: Edge, shopperId: string, wanted: string): Promise<void> {
      const joined = await line.join(drop.id, joinRow(shopperId, wanted), 'socket');
      if (!joined.ok || joined.reply.reply !== 'ADMITTED') return;
      const { region } = joined.reply;
      regionsOf.set(shopperId, (regionsOf.get(shopperId) ?? new Set()).add(region));
      const claimId = newId();
      const row = {
        key: claimId,
        shopperId,
        sku: SKU,
        quantity: 1,
        claimId,
        holdUntilMs: NOW + 1,
        passUntilMs: PASS_UNTIL_MS,
        unitPrice: 4_900,
        payment: '',
      };
      const answer = await claims.claim(drop.id, region, row);
      if (answer.ok && answer.reply.reply === 'WON') won.set(shopperId, (won.get(shopperId) ?? 0) + 1);
    }

    async function device(shopperId: string, at: number): Promise<void> {
      const wanted = TEST_REGIONS[at % TEST_REGIONS.length] ?? 'eu';
      const edge = edges.get(wanted) ?? createEdge(clock);
      // Not all in one turn, so that another region is first for each shopper.
      for (let turn = 0; turn < Math.random() * 20; turn += 1) await new Promise(setImmediate);
      for (let round = 0; round < CLAIMS_EACH; round += 1) {
        await edge.line.join(drop.id, joinRow(shopperId, wanted), 'socket');
        await edge.line.admit(drop.id, EVERYBODY);
        await claim(edge, shopperId, wanted);
        if ((at + round) % 2 === 0) await edge.line.leave(drop.id, shopperId, 'left', PASS_UNTIL_MS);
      }
    }

    const devices = shoppers.flatMap((shopper, at) =>
      Array.from({ length: DEVICES }, (_, nth) => ({ shopper, at: at + nth })),
    );
    await Promise.all(devices.map(({ shopper, at }) => device(shopper, at)));
    expect(shoppers.map((shopper) => won.get(shopper))).toEqual(shoppers.map(() => LIMIT));
    for (const regions of regionsOf.values()) expect(regions.size).toBe(1);
    const used = new Set([...regionsOf.values()].flatMap((regions) => [...regions]));
    expect(used.size).toBeGreaterThan(1);
  });
});
