import { afterEach, expect, it } from 'vitest';
import { LIMITS } from '../../contracts/limits.ts';
import { monthsAhead } from '../../db/queries/make-months.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { eventually } from '../../test/servers/eventually.ts';
import type { Repeated } from '../repeat.ts';
import { startMonths } from './months.ts';

const database = useDatabase();
let running: Repeated | undefined;
afterEach(() => running?.stop());

async function forget(months: number): Promise<void> {
  const { rows } = await database.pool.query<{ suffix: string }>(
    `select to_char(now() at time zone 'utc' + make_interval(months => $1), '_YYYY_MM') as suffix`,
    [months],
  );
  await database.pool.query(`drop table order_status_history${rows[0]?.suffix}`);
}

it('makes the months that are missing, and says how far they reach', async () => {
  expect(await monthsAhead(database.pool)).toBe(LIMITS.monthsAhead);
  await forget(LIMITS.monthsAhead);
  expect(await monthsAhead(database.pool)).toBe(LIMITS.monthsAhead - 1);
  await forget(2);
  expect(await monthsAhead(database.pool)).toBe(1);
  await forget(0);
  expect(await monthsAhead(database.pool)).toBe(-1);
  let failures = 0;
  const failed = () => {
    failures += 1;
  };
  running = startMonths({ database: database.pool, everyMs: 5, log: silentLog, failed });
  await eventually(async () => (await monthsAhead(database.pool)) === LIMITS.monthsAhead, { withinMs: 10_000 });
  expect(failures).toBe(0);
});
