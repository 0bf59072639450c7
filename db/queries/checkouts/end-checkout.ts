import type { ClientBase } from 'pg';
import { undoRedemption } from '../redeem-codes.ts';
import { endReservations } from '../stock/reserve-stock.ts';

/** One that its caller has locked: its units and its codes are for others again. */
export async function giveUpCheckout(client: ClientBase, id: string): Promise<void> {
  await client.query({
    name: 'cancel-checkout',
    text: `update checkouts set status = 'CANCELLED', updated_at = now() where id = $1`,
    values: [id],
  });
  await endReservations(client, [id], 'RELEASED');
  await undoRedemption(client, [id]);
}
