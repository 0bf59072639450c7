import type { PoolClient } from 'pg';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { TOPICS } from '../../contracts/topics.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { takeOutbox } from './take-outbox.ts';

describe('takeOutbox', () => {
  const database = useDatabase();

  const fill = (from: number, to: number) =>
    database.pool.query(
      `insert into outbox (topic, key, payload) select 'order.created', n::text, '{}' from generate_series($1::int, $2) n`,
      [from, to],
    );
  const empty = () => database.pool.query('delete from outbox');

  async function withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await database.pool.connect();
    try {
      await client.query('begin');
      return await work(client);
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  it('takes the oldest in their order, each once, until nothing is left', async () => {
    await empty();
    await fill(1, 250);
    const taken: string[][] = [];
    for (let batch = 0; batch < 4; batch += 1) {
      await withClient(async (client) => {
        const rows = await takeOutbox(client, 100);
        taken.push(rows.map((row) => row.key));
        await client.query('commit');
      });
    }
    expect(taken.map((keys) => keys.length)).toEqual([100, 100, 50, 0]);
    expect(taken.flat()).toEqual(Array.from({ length: 250 }, (_, index) => String(index + 1)));
  });

  it('puts back what was not published', async () => {
    await empty();
    await fill(1, 3);
    await withClient((client) => takeOutbox(client, 10));
    const again = await withClient((client) => takeOutbox(client, 10));
    expect(again.map((row) => row.key)).toEqual(['1', '2', '3']);
  });

  it('gives nothing to a second taker while the first one has not ended, and loses nothing to it', async () => {
    await empty();
    await fill(1, 10);
    await withClient(async (first) => {
      expect(await takeOutbox(first, 5)).toHaveLength(5);
      await withClient(async (second) => expect(await takeOutbox(second, 5)).toEqual([]));
      await first.query('commit');
    });
    await withClient(async (second) => {
      expect((await takeOutbox(second, 50)).map((row) => row.key)).toEqual(['6', '7', '8', '9', '10']);
    });
  });

  it('finds events whose transaction ended after that of later ones', async () => {
    await empty();
    await withClient(async (slow) => {
      await slow.query(`insert into outbox (topic, key, payload) values ('order.created', 'early', '{}')`);
      await fill(1, 2);
      await withClient(async (taker) => {
        expect((await takeOutbox(taker, 10)).map((row) => row.key)).toEqual(['1', '2']);
        await taker.query('commit');
      });
      await slow.query('commit');
    });
    await withClient(async (taker) => {
      expect((await takeOutbox(taker, 10)).map((row) => row.key)).toEqual(['early']);
    });
  });
});

describe('the outbox', () => {
  const database = useDatabase();
  const put = (topic: string, payload: string) =>
    database.pool.query(`insert into outbox (topic, key, payload) values ($1, 'k', $2)`, [topic, payload]);

  it('takes events of every topic and of no other', async () => {
    for (const topic of TOPICS) await put(topic, '{}');
    await expect(put('order.creatd', '{}')).rejects.toThrow('topic_is_known');
    await expect(put('order.created.dlq', '{}')).rejects.toThrow('topic_is_known');
  });

  it('takes no event that is larger than an event may be', async () => {
    await put('order.created', 'x'.repeat(LIMITS.eventBytes));
    await expect(put('order.created', 'x'.repeat(LIMITS.eventBytes + 1))).rejects.toThrow('payload_fits_an_event');
  });
});
