import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { allTopicNames, deadLetterTopic, topicName } from '../../contracts/topics.ts';
import { topUpWallets } from '../../db/queries/top-up-wallet.ts';
import { systemClock } from '../../platform/clock.ts';
import { connectKafka, type Kafka } from '../../platform/connections/kafka.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { wonEvent } from '../../test/fixtures/events.ts';
import { type LedgerSale, openLedgerSale } from '../../test/fixtures/ledger-sale.ts';
import { type ScriptedProvider, scriptedProvider } from '../../test/fixtures/scripted-provider.ts';
import { silentLog, useShards } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { useKafka } from '../../test/servers/kafka.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { type AuditOptions, auditDrop } from './audit-drop.ts';
import { renderReport } from './render.ts';
import type { AuditReport, IdentityName } from './report.ts';

const redis = useRedis();
const core = useShards(redis);
const kafkaServer = useKafka();
const database = useDatabase();
let kafka: Kafka;
let sale: LedgerSale;
let provider: ScriptedProvider;

beforeAll(async () => {
  kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  const names = allTopicNames(kafkaServer.topicPrefix).filter(({ name }) => name.includes('claims.'));
  await kafka.ensureTopics(names.map(({ name }) => ({ topic: name, partitions: 2, replication: 1 })));
});
afterAll(() => kafka.close());
beforeEach(async () => {
  const { shards, keys } = core;
  sale = await openLedgerSale({ shards, keys, database: database.pool });
  provider = scriptedProvider('stripe');
});

function audit(changes: Partial<AuditOptions> = {}): Promise<AuditReport> {
  const { shards, keys } = core;
  return auditDrop({
    ...{ database: database.pool, kafka, topicPrefix: kafkaServer.topicPrefix, shards, keys, clock: systemClock },
    ...{ dropId: sale.drop.id, providers: [provider] },
    ...changes,
  });
}

async function soldByCard(): Promise<string> {
  const claimId = await sale.sold({ provider: 'stripe', ref: `ref-${newId()}` });
  const { rows } = await sale.query('select provider_ref as ref from payments where id = $1', [claimId]);
  provider.capture({ orderId: claimId, ref: rows[0].ref, amountMinor: sale.priceMinor });
  return claimId;
}

/** The identities that are not as they must be, with what breaks them. */
function broken(report: AuditReport): Partial<Record<IdentityName, readonly string[]>> {
  return Object.fromEntries(
    report.lines.filter(({ verdict }) => verdict === 'broken').map((line) => [line.identity, line.broken]),
  );
}

describe('the audit of a sale that is well', () => {
  it('says so, with both sides of each identity', async () => {
    await soldByCard();
    await sale.sold({ region: 'asia' });
    await sale.waiting();
    await sale.declined();
    const report = await audit();
    expect(broken(report)).toEqual({});
    expect(report).toMatchObject({
      verdict: 'ok',
      totals: { oversold: 0, lost: 0, duplicated: 0, chargedTwice: 0, chargedForNothing: 0 },
      orders: {
        CONFIRMED: { orders: 2, units: 2 },
        PENDING: { orders: 1, units: 1 },
        CANCELLED: { orders: 1, units: 1 },
      },
    });
    const sides = (identity: IdentityName) => {
      const line = report.lines.find((one) => one.identity === identity);
      return [line?.left, line?.right];
    };
    expect(sides('given')).toEqual([200, 200]);
    expect(sides('sold')).toEqual([2, 2]);
    expect(sides('held')).toEqual([1, 1]);
    expect(sides('released')).toEqual([1, 1]);
    expect(sides('hold-has-order')).toEqual([4, 4]);
    expect(sides('captured-there')).toEqual([4_900, 4_900]);
    expect(renderReport(report)).toContain('The ledger adds up.');
  });

  it('takes a sale that was called off later for what it is', async () => {
    const claimId = await sale.sold();
    await sale.step(claimId, 'CANCELLED', 'cancelled');
    await sale.query('update payments set refunded_minor = amount_minor where id = $1', [claimId]);
    expect(await audit()).toMatchObject({ verdict: 'ok' });
  });

  it('asks no provider when none is given', async () => {
    await sale.sold({ provider: 'stripe', ref: `ref-${newId()}` });
    const { shards, keys } = core;
    const parts = {
      database: database.pool,
      kafka,
      topicPrefix: kafkaServer.topicPrefix,
      shards,
      keys,
      clock: systemClock,
    };
    const report = await auditDrop({ ...parts, dropId: sale.drop.id });
    expect(report.verdict).toBe('ok');
    expect(report.lines.find(({ identity }) => identity === 'captured-there')?.verdict).toBe('not asked');
  });
});

/** Each makes one thing wrong that must be found, and answers with the id that must be named. */
const doctored: Readonly<Partial<Record<IdentityName, () => Promise<string>>>> = {
  async balance() {
    await sale.doctorStock('available', 1);
    return `${sale.sku}@eu`;
  },
  async given() {
    await sale.doctorStock('allocated', 5);
    await sale.doctorStock('available', 5);
    return sale.sku;
  },
  async transfers() {
    await sale.doctorStock('in', 5);
    await sale.doctorStock('available', 5);
    return sale.sku;
  },
  async 'held-units'() {
    await sale.doctorStock('held', 1);
    return `${sale.sku}@eu`;
  },
  async 'sold-units'() {
    await sale.doctorStock('sold', 1);
    return `${sale.sku}@eu`;
  },
  async sold() {
    const claimId = await sale.waiting();
    await sale.confirm(claimId);
    return claimId;
  },
  async held() {
    const claimId = await sale.waiting();
    await sale.captured(claimId);
    await sale.step(claimId, 'CONFIRMED');
    return claimId;
  },
  async released() {
    const claimId = await sale.waiting();
    await sale.release(claimId);
    return claimId;
  },
  'hold-has-order': async () => (await sale.claim()).claimId,
  async 'order-has-hold'() {
    const made = { claimId: newId(), shopperId: newId() };
    await sale.order(made);
    return made.claimId;
  },
  async 'same-content'() {
    const claimId = await sale.waiting();
    await sale.doctorHold(claimId, (record) => record.replace(/\|[^|]{36}\|/, `|${newId()}|`));
    return claimId;
  },
  async totals() {
    const claimId = await sale.sold();
    await sale.query('update order_items set unit_price_minor = 1 where order_id = $1', [claimId]);
    return claimId;
  },
  async history() {
    const claimId = await sale.sold();
    await sale.query('delete from order_status_history where order_id = $1 and step = 0', [claimId]);
    return claimId;
  },
  async 'one-order-a-claim'() {
    const shopperId = newId();
    await sale.waiting({ shopperId, key: 'once' });
    const second = await sale.claim({ shopperId });
    await sale.order(second, { key: 'once' });
    return second.claimId;
  },
  async limit() {
    const shopperId = newId();
    await sale.waiting({ shopperId });
    await sale.waiting({ shopperId });
    const third = await sale.claim();
    await sale.order({ ...third, shopperId });
    return shopperId;
  },
  async 'paid-once'() {
    const claimId = await sale.sold();
    const second = newId();
    await sale.query(
      `insert into payments (order_id, id, status, currency, amount_minor, captured_at, kind)
       values ($1, $2, 'SURPLUS', 'EUR', $3, now(), 'card')`,
      [claimId, second, sale.priceMinor],
    );
    return second;
  },
  async 'paid-in-full'() {
    const claimId = await sale.sold();
    await sale.query('update payments set amount_minor = amount_minor - 1 where order_id = $1', [claimId]);
    return claimId;
  },
  async 'confirmed-is-paid'() {
    const claimId = await sale.waiting();
    await sale.confirm(claimId);
    await sale.step(claimId, 'CONFIRMED');
    return claimId;
  },
  async 'cancelled-is-refunded'() {
    const claimId = await sale.waiting();
    await sale.captured(claimId);
    await sale.release(claimId);
    await sale.step(claimId, 'CANCELLED');
    return claimId;
  },
  async 'wallet-transfers'() {
    const { transferId } = await paidByWallet();
    await unguarded(
      'insert into ledger_entries (transfer_id, account_id, amount_minor) select $1, id, 7 from ledger_accounts where kind = $2',
      [transferId, 'funding'],
    );
    return transferId;
  },
  async 'wallet-balances'() {
    const { walletId } = await paidByWallet();
    await sale.query('update ledger_accounts set balance_minor = balance_minor + 1 where id = $1', [walletId]);
    return walletId;
  },
  async 'wallet-payments'() {
    const claimId = await sale.sold();
    await sale.query(`update payments set kind = 'wallet' where id = $1`, [claimId]);
    return claimId;
  },
  async 'captured-once'() {
    const claimId = await soldByCard();
    provider.capture({ orderId: claimId, ref: 'a second one', amountMinor: sale.priceMinor });
    return claimId;
  },
  async 'captured-there'() {
    const claimId = await sale.declined();
    provider.capture({ orderId: claimId, amountMinor: sale.priceMinor });
    return claimId;
  },
  async 'refunded-there'() {
    const claimId = await soldByCard();
    await sale.query('update payments set refunded_minor = 100 where id = $1', [claimId]);
    return claimId;
  },
  async 'charge-has-order'() {
    const paymentId = newId();
    provider.capture({ orderId: newId(), paymentId, amountMinor: sale.priceMinor });
    return paymentId;
  },
};

/** A trigger keeps the database from being wrong in this way; the audit has to see it all the same. */
async function unguarded(text: string, values: readonly unknown[]): Promise<void> {
  await sale.query('alter table ledger_entries disable trigger user', []);
  await sale.query(text, values);
  await sale.query('alter table ledger_entries enable trigger user', []);
}

async function paidByWallet(): Promise<{ transferId: string; walletId: string }> {
  const shopperId = newId();
  const topUp = { id: newId(), ownerId: shopperId, currency: 'EUR', amountMinor: 10_000 };
  await withTransaction(database.pool, (client) => topUpWallets(client, [topUp]));
  const claim = await sale.claim({ shopperId });
  const { claimId } = claim;
  await sale.order(claim, { kind: 'wallet' });
  await sale.captured(claimId);
  await sale.confirm(claimId);
  await sale.step(claimId, 'CONFIRMED');
  await sale.query(`insert into ledger_transfers (id, kind, order_id) values ($1, 'payment', $1)`, [claimId]);
  await sale.query(
    `insert into ledger_entries (transfer_id, account_id, amount_minor)
     select $1::uuid, id, -$3::bigint from ledger_accounts where owner_id = $2
     union all select $1::uuid, shop_account('sales', 'EUR'), $3::bigint`,
    [claimId, shopperId, sale.priceMinor],
  );
  const { rows } = await sale.query('select id from ledger_accounts where owner_id = $1', [shopperId]);
  return { transferId: claimId, walletId: rows[0].id };
}

describe('the audit of a sale with something wrong', () => {
  it.each(Object.entries(doctored).map(([identity, doctor]) => ({ identity, doctor })))(
    'breaks on $identity and names what it is',
    async ({ identity, doctor }) => {
      await sale.sold();
      await sale.waiting();
      const id = await doctor();
      const report = await audit();
      expect(broken(report)).toMatchObject({ [identity]: expect.arrayContaining([id]) });
      expect(report.verdict).toBe('broken');
      expect(renderReport(report)).toContain(id);
    },
  );

  it('is well with a wallet that paid', async () => {
    await paidByWallet();
    expect(broken(await audit())).toEqual({});
  });

  it('counts units sold above what was given, and claims without an order', async () => {
    for (let left = 3; left > 0; left -= 1) await sale.sold();
    await sale.query('update drop_allocations set units = 1 where drop_id = $1', [sale.drop.id]);
    await sale.claim();
    expect((await audit()).totals).toMatchObject({ oversold: 2, lost: 1 });
  });

  it('counts who was charged twice, and who for nothing', async () => {
    await doctored['captured-once']?.();
    await doctored['paid-once']?.();
    await doctored['charge-has-order']?.();
    await doctored['cancelled-is-refunded']?.();
    expect((await audit()).totals).toMatchObject({ chargedTwice: 2, chargedForNothing: 2 });
  });

  it('names dead letters of this drop that nothing has made good', async () => {
    const publisher = await kafka.createPublisher();
    const { claimId, text } = wonEvent({ dropId: sale.drop.id });
    const other = wonEvent();
    const madeGood = wonEvent({ dropId: sale.drop.id, claimId: await sale.waiting() });
    const topic = topicName(kafkaServer.topicPrefix, deadLetterTopic('claims.won'));
    const headers = { problem: 'REFUSED', reason: 'a test', source: 'claims.won/0@0' };
    await publisher.publish(
      [text, other.text, madeGood.text].map((value) => ({ topic, key: claimId, value, headers })),
    );
    const report = await audit();
    const line = report.lines.find(({ identity }) => identity === 'dead-letters');
    expect(line).toMatchObject({ left: 1, verdict: 'broken' });
  });
});

describe('the audit of a sale that is under way', () => {
  it('says what is not drained, and calls nothing broken that this explains', async () => {
    const made = await sale.claim();
    await core.shards.home.redis.xadd(core.keys.stock(sale.drop.id, 'eu').outbox, '*', 'won', made.claimId);
    const report = await audit();
    expect(broken(report)).toEqual({});
    expect(report).toMatchObject({ verdict: 'not drained', pipeline: { outbox: 1 }, totals: { lost: 0 } });
    expect(renderReport(report)).toContain('entries of outboxes that are not relayed');
  });

  it('waits until it is drained', async () => {
    const { outbox } = core.keys.stock(sale.drop.id, 'eu');
    await core.shards.home.redis.xadd(outbox, '*', 'won', 'x');
    let waited = 0;
    const report = await audit({
      waitMs: 20_000,
      tell() {
        waited += 1;
        void core.shards.home.redis.xtrim(outbox, 'MAXLEN', 0);
      },
    });
    expect(waited).toBeGreaterThan(0);
    expect(report.verdict).toBe('ok');
  });

  it('leaves a payment to the worker that has it before it', async () => {
    const claimId = await sale.waiting();
    await sale.captured(claimId, 'stripe', `ref-${claimId}`);
    provider.capture({ orderId: claimId, ref: `ref-${claimId}`, amountMinor: sale.priceMinor });
    await sale.confirm(claimId);
    await sale.query('update payments set due_at = now() where id = $1', [claimId]);
    const report = await audit();
    expect(broken(report)).toEqual({});
    expect(report).toMatchObject({ verdict: 'not drained', pipeline: { payments: 1 } });
  });

  it('does not compare the holds of a region that has lost its data', async () => {
    await sale.sold();
    await core.shards.home.redis.del(Object.values(core.keys.stock(sale.drop.id, 'eu')));
    const report = await audit();
    expect(broken(report)).toEqual({});
    expect(report).toMatchObject({ verdict: 'not drained', pipeline: { regions: 1 } });
  });
});
