/** CLAIM_DURABILITY=replicated against a Redis with a replica that is stopped, that comes back, and that takes over. */
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { createClaims } from '../../reservation-core/claims.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { createKeys } from '../../reservation-core/keys.ts';
import { connectShards, type Shards } from '../../reservation-core/shards.ts';
import { createStock } from '../../reservation-core/stock.ts';
import { liveDrop, newId, PASS_UNTIL_MS } from '../fixtures/drop.ts';
import { silentLog } from '../fixtures/shards.ts';
import { eventually } from '../servers/eventually.ts';
import { useOwnRedis } from '../servers/own-redis.ts';

const SKU = 'SNEAKER-42';
const REGION = 'eu';
const primary = useOwnRedis();
const replica = useOwnRedis();
const keys = createKeys('dg');
const drop = liveDrop(Date.now(), {
  skus: [{ sku: SKU, title: 'x', price: 1, allocation: { [REGION]: 1_000 } }],
});
const failures: unknown[] = [];
const open: Shards[] = [];
let toReplica: Redis;

async function connect(url: string, durability: 'fsync' | 'replicated' = 'replicated'): Promise<Shards> {
  const regionUrls = new Map([[REGION, url]]);
  const shards = await connectShards({ homeUrl: url, regionUrls, name: 'test', log: silentLog, durability });
  open.push(shards);
  return shards;
}

function claimsAt(shards: Shards) {
  const claims = createClaims({ shards, keys, clock: systemClock, onFailedCall: (error) => failures.push(error) });
  return async (who: { key: string; shopperId: string }) => {
    const claimId = newId();
    const row = {
      ...who,
      claimId,
      sku: SKU,
      quantity: 1,
      holdUntilMs: Date.now() + 600_000,
      passUntilMs: PASS_UNTIL_MS,
      unitPrice: 4_900,
      payment: '',
    };
    const answer = await claims.claim(drop.id, REGION, row);
    return { claimId, reply: answer.ok ? answer.reply.reply : answer.code };
  };
}

const somebody = () => ({ key: newId(), shopperId: newId() });

beforeAll(async () => {
  toReplica = new Redis(replica.url);
  const port = new URL(primary.url).port;
  await toReplica.replicaof('127.0.0.1', port);
  await eventually(async () => (await toReplica.info('replication')).includes('master_link_status:up'), {
    withinMs: 30_000,
  });
});
afterAll(async () => {
  toReplica.disconnect();
  await Promise.all(open.map((shards) => shards.close()));
});

it('answers BUSY without a replica, the same claim once it is back, and keeps every won claim through a failover', {
  timeout: 60_000,
}, async () => {
  const shards = await connect(primary.url);
  await createDrops({ shards, keys }).publish(drop);
  const claim = claimsAt(shards);
  const first = await Promise.all(Array.from({ length: 300 }, () => claim(somebody())));
  expect(new Set(first.map(({ reply }) => reply))).toEqual(new Set(['WON']));

  process.kill(replica.pid, 'SIGSTOP');
  const shopper = somebody();
  expect(await claim(shopper)).toMatchObject({ reply: 'BUSY' });
  expect(String(failures[0])).toContain('No replica has acknowledged stock/claim');
  // The claim is in the primary; but also over a new connection it is not answered before it is anywhere else.
  const elsewhere = claimsAt(await connect(primary.url));
  expect(await elsewhere(shopper)).toMatchObject({ reply: 'BUSY' });
  // Without the replica nothing is lost that fsync would have kept.
  expect(await claimsAt(await connect(primary.url, 'fsync'))(somebody())).toMatchObject({ reply: 'WON' });
  process.kill(replica.pid, 'SIGCONT');
  const again = await eventually(
    async () => {
      const answer = await claim(shopper);
      return answer.reply === 'BUSY' ? false : answer;
    },
    { withinMs: 20_000 },
  );
  expect(again.reply).toBe('REPLAYED');

  const wonNow = await Promise.all(Array.from({ length: 200 }, () => claim(somebody())));
  await primary.kill();
  await toReplica.replicaof('NO', 'ONE');
  const won = [...first, ...wonNow].filter(({ reply }) => reply === 'WON').map(({ claimId }) => claimId);
  expect(won).toHaveLength(500);
  const found = await toReplica.hmget(keys.stock(drop.id, REGION).holds, ...won);
  expect(found.filter((record) => record === null)).toEqual([]);
  const after = await connect(replica.url, 'fsync');
  const ledger = (await createStock({ shards: after, keys }).ledger(drop.id, REGION)).get(SKU);
  expect(ledger).toMatchObject({ allocated: 1_000, available: 498, held: 502 });
  expect(await claimsAt(after)(shopper)).toMatchObject({ reply: 'REPLAYED' });
});
