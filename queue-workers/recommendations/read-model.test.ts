import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createIdTable } from '../../commerce/recommendations/id-table.ts';
import { createInteractions } from '../../commerce/recommendations/interactions.ts';
import { readInteractions } from '../../db/queries/recommendations/read-interactions.ts';
import { connectPostgres } from '../../platform/connections/postgres.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { silentLog } from '../../test/fixtures/shards.ts';
import { makeTastedShop, type TastedShop } from '../../test/fixtures/tasted-shop.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { FromBeforeAll } from '../../test/servers/from-before-all.ts';
import { lastActive } from './last-active.ts';

const database = useDatabase();
const made = new FromBeforeAll<TastedShop>('the shop');
beforeAll(async () => made.set(await makeTastedShop(database.pool)));

async function readAll(
  sinceMs: number,
): Promise<{ user: string; product: string; kind: number; amount: number; day: number }[]> {
  const ids = createIdTable(1_000);
  const rows: { user: string; product: string; kind: number; amount: number; day: number }[] = [];
  const client = await database.pool.connect();
  try {
    await readInteractions(client, sinceMs, ({ bytes, userAt, productAt, kind, amount, day }) => {
      const [user, product] = [ids.textOf(ids.add(bytes, userAt)), ids.textOf(ids.add(bytes, productAt))];
      rows.push({ user, product, kind, amount, day });
    });
    // The connection can be asked other things after it.
    await client.query('select 1');
  } finally {
    client.release();
  }
  return rows;
}

describe('what shoppers did', () => {
  it('is read in all its kinds, with who, what and when', async () => {
    const { shoppers, products } = made.value;
    const [author, product] = [shoppers[0]?.[0] ?? '', products[0]?.[0] ?? ''];
    const wish = { sku: `SKU-${product}`, user: shoppers[1]?.[0] };
    await database.pool.query('insert into wishlist_items (user_id, sku) values ($1, $2)', [wish.user, wish.sku]);
    for (const [stars, status, about] of [
      [4, 'PUBLISHED', product],
      [1, 'REJECTED', products[0]?.[1]],
    ]) {
      await database.pool.query(
        `insert into reviews (id, product_id, author_id, stars, title, body, status, is_verified, spam_points, text_hash)
         values ($1, $2, $3, $4, 'Good', 'Very good', $5, true, 0, sha256(random()::text::bytea))`,
        [newId(), about, author, stars, status],
      );
    }
    const today = Math.floor(Date.now() / 86_400_000);
    const rows = await readAll(Date.now() - 86_400_000);
    const ofKind = (kind: number) => rows.filter((row) => row.kind === kind);
    expect(ofKind(0)).toHaveLength(120);
    expect(ofKind(1)).toEqual([{ user: author, product, kind: 1, amount: 4, day: expect.any(Number) }]);
    expect(ofKind(2)).toEqual([{ user: wish.user, product, kind: 2, amount: 1, day: expect.any(Number) }]);
    expect(ofKind(3)).toHaveLength(60);
    expect(rows.every(({ day }) => day === today || day === today - 1)).toBe(true);
    expect(new Set(rows.map(({ user }) => user))).toEqual(new Set(shoppers.flat()));
  });

  it('is nothing where nothing was done since', async () => {
    expect(await readAll(Date.now() + 86_400_000)).toEqual([]);
  });

  it('leaves no clock running that would end the connection later', async () => {
    const started = vi.spyOn(globalThis, 'setTimeout');
    const stopped = vi.spyOn(globalThis, 'clearTimeout');
    const pool = connectPostgres({
      url: database.url,
      max: 1,
      name: 'test',
      log: silentLog,
      statementTimeoutMs: 777_000,
    });
    const client = await pool.connect();
    await readInteractions(client, 0, () => undefined);
    client.release();
    const clocks = started.mock.results.filter((_, at) => (started.mock.calls[at]?.[1] ?? 0) >= 777_000);
    expect(clocks.length).toBeGreaterThan(0);
    for (const { value } of clocks) expect(stopped.mock.calls.some(([clock]) => clock === value)).toBe(true);
    vi.restoreAllMocks();
    await pool.end();
  });
});

describe('memory', () => {
  it('is bounded: of too many interactions the oldest days go', () => {
    const interactions = createInteractions(10_000);
    for (let at = 0; at < 50_000; at += 1) interactions.add(at % 7, at % 11, 3, 100 + (at % 100), 1);
    const { count, days } = interactions.columns();
    expect(count).toBeLessThanOrEqual(10_000);
    expect(count + interactions.leftOut).toBe(50_000);
    const kept = new Set(days.subarray(0, count));
    expect(Math.min(...kept)).toBeGreaterThan(150);
    expect(kept.has(199)).toBe(true);
  });

  it('is bounded: a table of ids that is full knows those it has', () => {
    const table = createIdTable(3_000);
    const ids = Array.from({ length: 3_001 }, newId);
    const numbers = ids.map((id) => table.addText(id));
    expect(numbers.slice(0, 3_000)).toEqual(Array.from({ length: 3_000 }, (_, at) => at));
    expect(numbers.at(-1)).toBe(-1);
    expect(table.addText(ids[1_234] ?? '')).toBe(1_234);
    expect(table.textOf(1_234)).toBe(ids[1_234]);
    expect(table.bytes()).toHaveLength(48_000);
    expect(() => table.addText('hat')).toThrow(RangeError);
  });

  it('of Redis is for who was here last', () => {
    const lastDays = Uint16Array.of(5, 9, 7, 9, 7, 3);
    const listed = (most: number) => {
      const isActive = lastActive(lastDays, most);
      return [...lastDays.keys()].filter(isActive);
    };
    expect(listed(6)).toHaveLength(6);
    expect(listed(4)).toEqual([1, 2, 3, 4]);
    expect(listed(3)).toEqual([1, 2, 3]);
    expect(listed(1)).toEqual([1]);
  });
});
