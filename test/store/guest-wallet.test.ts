import { expect, it } from 'vitest';
import { topUpWallets } from '../../db/queries/top-up-wallet.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { auditStore } from '../../scripts/audit/store/audit-store.ts';
import { createGuests } from '../../store-api/auth/guests.ts';
import { newId } from '../fixtures/drop.ts';
import { silentLog } from '../fixtures/shards.ts';
import { useStore } from '../fixtures/store.ts';
import { valueAt } from '../fixtures/told.ts';

const guests = createGuests(silentLog);
const store = useStore({ guests });

it('what a guest was given back is in the wallet of their account, once', async () => {
  const { pool } = store.database;
  const [guest, person] = [await store.guest(), await store.person()];
  const topUp = (ownerId: string, currency: string, amountMinor: number) => ({
    ...{ id: newId(), ownerId, currency, amountMinor },
  });
  await withTransaction(pool, (client) =>
    topUpWallets(client, [
      topUp(guest.userId, 'EUR', 700),
      topUp(guest.userId, 'USD', 30),
      topUp(person.userId, 'EUR', 5),
    ]),
  );
  const became = { userId: person.userId, guestId: guest.userId };
  await Promise.all([guests.guestBecame(became), guests.guestBecame(became), guests.guestBecame(became)]);
  const wallet = await store.call('GET', '/api/v1/me/wallet', { token: person.token });
  expect(valueAt(wallet.body, 'balances'), wallet.text).toEqual([
    { currency: 'EUR', balance: 705 },
    { currency: 'USD', balance: 30 },
  ]);
  const { rows } = await pool.query('select sum(balance_minor)::int as left from ledger_accounts where owner_id = $1', [
    guest.userId,
  ]);
  expect(rows).toEqual([{ left: 0 }]);
  expect((await auditStore(pool, Date.now())).verdict).toBe('ok');
});
