import { expect, it } from 'vitest';
import { formatUuidV7 } from '../../contracts/ids.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { pruneOld } from './prune-old.ts';

const database = useDatabase();
const NOW = Date.parse('2026-03-01T00:00:00Z');
const idAt = (ms: number) => formatUuidV7(ms, crypto.getRandomValues(new Uint8Array(10)));

it('deletes checkouts that are long over, and none that is open', async () => {
  for (const [ageMs, status] of [
    [2_000, 'PLACED'],
    [2_000, 'OPEN'],
    [500, 'EXPIRED'],
  ] as const) {
    await database.pool.query(
      `insert into checkouts (id, shopper_id, is_guest, status, currency, body, expires_at)
       values ($1, $2, true, $3, 'EUR', '{}', now())`,
      [idAt(NOW - ageMs), idAt(NOW), status],
    );
  }
  expect(await pruneOld(database.pool, 'checkouts', NOW - 1_000, 10)).toBe(1);
  const { rows } = await database.pool.query<{ status: string }>('select status from checkouts order by id');
  expect(rows.map(({ status }) => status)).toEqual(['OPEN', 'EXPIRED']);
});

it('deletes keys whose time is over', async () => {
  for (const [key, untilMs] of [
    ['over', NOW - 1],
    ['kept', NOW + 1],
  ] as const) {
    await database.pool.query(
      `insert into idempotency_keys (scope, key, fingerprint, expires_at) values ('s', $1, 'f', to_timestamp($2::float8 / 1000))`,
      [key, untilMs],
    );
  }
  expect(await pruneOld(database.pool, 'idempotency_keys', NOW, 10)).toBe(1);
  const { rows } = await database.pool.query<{ key: string }>('select key from idempotency_keys');
  expect(rows).toEqual([{ key: 'kept' }]);
});
