import { expect, it } from 'vitest';
import { createIdSource } from '../../contracts/ids.ts';
import { useDatabase } from '../../test/servers/database.ts';
import { claimsOfDrop, type DropClaim } from './claims-of-drop.ts';
import { insertDropOrders } from './insert-drop-orders.ts';

const database = useDatabase();
const newId = createIdSource({ now: Date.now });

async function place(dropId: string, steps: readonly string[]): Promise<string> {
  const [claimId, now] = [newId(), Date.now()];
  const client = await database.pool.connect();
  try {
    const order = { claimId, claimKey: `k-${claimId}`, dropId, region: 'eu', shopperId: newId(), sku: 'TEE-1' };
    const price = { productTitle: 'Tee', quantity: 2, unitPriceMinor: 100, currency: 'EUR' };
    await insertDropOrders(client, [
      { ...order, ...price, claimedAtMs: now, holdUntilMs: 1_790_000_900_123, event: '{}' },
    ]);
    for (const [at, status] of steps.entries()) {
      await client.query('update orders set status = $2::order_status where id = $1', [claimId, status]);
      await client.query(
        `insert into order_status_history (order_id, step, status, actor, at) values ($1, $2, $3, 'test', now())`,
        [claimId, at + 1, status],
      );
    }
  } finally {
    client.release();
  }
  return claimId;
}

async function read(dropId: string, pageRows: number): Promise<{ pages: number; claims: DropClaim[] }> {
  const client = await database.pool.connect();
  try {
    const pages: (readonly DropClaim[])[] = [];
    for await (const page of claimsOfDrop(client, dropId, pageRows)) pages.push(page);
    return { pages: pages.length, claims: pages.flat() };
  } finally {
    client.release();
  }
}

it('reads each claim of a drop once, as its order stands', async () => {
  const dropId = newId();
  const returned = ['PROCESSING', 'SHIPPED', 'DELIVERED', 'RETURN_REQUESTED', 'RETURN_APPROVED', 'RETURN_RECEIVED'];
  const ways = [
    { steps: [], state: 'held' },
    { steps: ['REVIEW'], state: 'held' },
    { steps: ['CONFIRMED'], state: 'sold' },
    { steps: ['CONFIRMED', ...returned, 'REFUNDED'], state: 'sold' },
    { steps: ['CANCELLED'], state: 'cancelled' },
    { steps: ['CONFIRMED', 'CANCELLED', 'REFUND_PENDING', 'REFUNDED'], state: 'cancelled' },
  ];
  const expected = new Map<string, string>();
  for (const { steps, state } of ways) expected.set(await place(dropId, steps), state);
  await place(newId(), []);
  const { pages, claims } = await read(dropId, 4);
  expect(pages).toBe(2);
  expect(new Map(claims.map(({ claimId, state }) => [claimId, state]))).toEqual(expected);
  const [first] = claims;
  expect(first).toMatchObject({ region: 'eu', sku: 'TEE-1', quantity: 2, holdUntilMs: 1_790_000_900_123 });
  expect(first?.key).toBe(`k-${first?.claimId}`);
});

it('reads nothing of a drop without orders', async () => {
  expect(await read(newId(), 4)).toEqual({ pages: 0, claims: [] });
});
