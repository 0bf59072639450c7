import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDrops } from '../../../reservation-core/drops.ts';
import { createStock, isBalanced } from '../../../reservation-core/stock.ts';
import { liveDrop } from '../../fixtures/drop.ts';
import { useShards } from '../../fixtures/shards.ts';
import { useOwnRedis } from '../../servers/own-redis.ts';
import type { RaceOrder, RaceReport } from './claimant.ts';

const UNITS = 10_000;
const PROCESSES = 4;
const CLIENTS_EACH = 16;
const CLAIMS = 200_000;
const REPEAT_SHARE = 0.3;
const SKU = 'SNEAKER-42';

const redis = useOwnRedis();
const core = useShards({
  get url() {
    return redis.url;
  },
  prefix: 'race',
});

interface Runner {
  readonly report: Promise<RaceReport>;
  decided: number;
}

function startClaimant(order: RaceOrder): Runner {
  const child: ChildProcess = fork(join(import.meta.dirname, 'claimant.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<RaceReport>();
  const runner: Runner = { report: promise, decided: 0 };
  child.on('message', (message: { report?: RaceReport; failure?: string; decided?: number }) => {
    if (message.decided !== undefined) runner.decided = message.decided;
    if (message.report !== undefined) resolve(message.report);
    if (message.failure !== undefined) reject(new Error(message.failure));
  });
  child.once('exit', (code) => reject(new Error(`a claimant exited with ${code}`)));
  child.send(order);
  return runner;
}

async function openDrop(): Promise<string> {
  const skus = [{ sku: SKU, title: 'Sneaker', price: 1, allocation: { eu: UNITS } }];
  const drop = liveDrop(Date.now(), { skus, perShopperLimit: 1 });
  await createDrops(core).publish(drop);
  return drop.id;
}

function startRace(dropId: string): Runner[] {
  const claimsPerClient = CLAIMS / PROCESSES / CLIENTS_EACH;
  const where = { redisUrl: redis.url, prefix: 'race', dropId, region: 'eu', sku: SKU };
  const order = { ...where, clients: CLIENTS_EACH, claimsPerClient, repeatShare: REPEAT_SHARE };
  return Array.from({ length: PROCESSES }, () => startClaimant(order));
}

/** Exactly the units that there are, every repeat its first answer, and nobody who was told "won" without a hold. */
async function expectExactlySold(dropId: string, reports: readonly RaceReport[]): Promise<void> {
  const won = reports.flatMap((report) => report.won);
  expect(reports.flatMap(({ otherAnswers }) => otherAnswers)).toEqual([]);
  expect(won).toHaveLength(UNITS);
  expect(new Set(won).size).toBe(UNITS);
  expect(reports.reduce((sum, { decided }) => sum + decided, 0)).toBe(CLAIMS);
  expect(reports.reduce((sum, { repeats }) => sum + repeats, 0)).toBeGreaterThan(UNITS / 10);

  const keys = core.keys.stock(dropId, 'eu');
  const ledger = (await createStock(core).ledger(dropId, 'eu')).get(SKU);
  expect(ledger).toEqual({ allocated: UNITS, in: 0, out: 0, available: 0, held: UNITS, sold: 0 });
  expect(ledger !== undefined && isBalanced(ledger)).toBe(true);
  const { redis: connection } = core.shards.home;
  const holds = new Set(await connection.hkeys(keys.holds));
  expect(won.filter((claimId) => !holds.has(claimId))).toEqual([]);
  expect(holds.size).toBe(UNITS);
  const entries = await connection.xrange(keys.outbox, '-', '+');
  const events = entries.flatMap(([, fields]) => fields.filter((_, at) => at % 2 === 1));
  expect(events.map((words) => words.split('|')[0]).sort()).toEqual(won.sort());
}

describe('64 shoppers in 4 processes who want 10,000 units with 200,000 claims', () => {
  it('get exactly 10,000', { timeout: 120_000 }, async () => {
    const dropId = await openDrop();
    const runners = startRace(dropId);
    await expectExactlySold(dropId, await Promise.all(runners.map(({ report }) => report)));
  });

  it('get exactly 10,000 when Redis is killed in the middle and comes back', { timeout: 120_000 }, async () => {
    const dropId = await openDrop();
    const runners = startRace(dropId);
    const reports = Promise.all(runners.map(({ report }) => report));
    const { stock } = core.keys.stock(dropId, 'eu');
    const held = async () => Number(await core.shards.home.redis.hget(stock, `${SKU}:held`));
    let heldAtKill = 0;
    while (heldAtKill < UNITS / 4) heldAtKill = await held();
    // At once, by its pid: asking for it takes longer than the rest of the units would last.
    process.kill(redis.pid, 'SIGKILL');
    expect(heldAtKill).toBeLessThan(UNITS);
    await redis.kill();
    await redis.restart();
    const finished = await reports;
    await expect.poll(() => core.shards.home.redis.status, { timeout: 10_000 }).toBe('ready');
    await expectExactlySold(dropId, finished);
  });
});
