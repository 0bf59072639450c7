import { moveWallet } from '../../db/queries/store-payments/move-wallet.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import type { StoreApp, StoreServices } from '../services.ts';

/** Cash that is given back to a guest lies in a wallet that no guest can pay from: it is theirs with their account. */
export function keepGuestWallets(_app: StoreApp, { guests, database }: StoreServices): void {
  guests.whenGuestBecame('wallet', async ({ userId, guestId }) => {
    if (guestId !== userId) await withTransaction(database, (client) => moveWallet(client, guestId, userId));
  });
}
