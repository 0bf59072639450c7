/**
 * The bare writer: three tables with a primary key each, one statement a batch, offsets committed after it. No partitions
 * by month, no checks, no history, no event, no other index, no answer to a claim that comes twice but its primary key.
 * It has as many batches in hand as the product's writer: one at a time would wait for each commit, and ours would shine.
 */
import { type EachBatchPayload, Kafka, logLevel } from 'kafkajs';
import { Pool } from 'pg';
import { LIMITS } from '../../../contracts/limits.ts';
import type { BareWriter } from './notes.ts';

export const TABLES = `
  create table orders (
    id uuid primary key, shopper_id uuid not null, total_minor bigint not null
  );
  create table order_items (
    order_id uuid primary key, sku text not null, quantity int not null, unit_price_minor bigint not null
  );
  create table payments (order_id uuid primary key, amount_minor bigint not null)`;

export const INSERT = `
  with claims as materialized (
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int[], $5::bigint[]) as c (id, shopper_id, sku, quantity, price)
  ), placed as (
    insert into orders select id, shopper_id, price * quantity from claims on conflict do nothing
  ), items as (
    insert into order_items select id, sku, quantity, price from claims on conflict do nothing
  )
  insert into payments select id, price * quantity from claims on conflict do nothing`;

/** Left alone, PostgreSQL plans each batch anew; the product's writer spares itself that as well. */
export const PLANNED_ONCE = '-c plan_cache_mode=force_generic_plan';
const IN_HAND = LIMITS.ordersPartitions;
const SESSION_MS = 10_000;
const FETCH_BYTES = 10 * 1_048_576;

/** Resolves once it is a member of its group. */
export async function writeBare({ broker, topic, databaseUrl }: BareWriter): Promise<void> {
  const database = new Pool({ connectionString: databaseUrl, max: IN_HAND, options: PLANNED_ONCE });
  await database.query(TABLES);
  const kafka = new Kafka({ clientId: 'bare', brokers: [broker], logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: topic, sessionTimeout: SESSION_MS, maxBytes: FETCH_BYTES });
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    ...{ autoCommit: false, eachBatchAutoResolve: false, partitionsConsumedConcurrently: IN_HAND },
    eachBatch: (batch) => write(batch, database),
  });
  await joined;
}

async function write({ batch, resolveOffset, commitOffsetsIfNecessary }: EachBatchPayload, database: Pool) {
  const { topic, partition, messages } = batch;
  for (let from = 0; from < messages.length; from += LIMITS.ordersBatch) {
    const some = messages.slice(from, from + LIMITS.ordersBatch);
    const rows = some.map(({ value }) => (value ?? '').toString().split('|'));
    const column = (at: number): unknown[] => rows.map((row) => row[at]);
    const values = [column(0), column(3), column(1), column(2), column(6)];
    await database.query({ name: 'insert', text: INSERT, values });
    const last = some.at(-1)?.offset ?? '0';
    resolveOffset(last);
    const offset = (BigInt(last) + 1n).toString();
    await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition, offset }] }] });
  }
}
