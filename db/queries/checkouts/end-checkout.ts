import type { ClientBase } from 'pg';
import { undoRedemption } from '../redeem-codes.ts';
import { endReservations } from '../stock/reserve-stock.ts';
import type { CheckoutStatus } from './find-checkout.ts';

/** One that its caller has locked: its units and its codes are for others again. */
export async function giveUpCheckout(client: ClientBase, id: string): Promise<void> {
  await markCheckout(client, id, 'CANCELLED');
  await endReservations(client, [id], 'RELEASED');
  await undoRedemption(client, [id]);
}

export async function markCheckout(client: ClientBase, id: string, status: CheckoutStatus): Promise<void> {
  await client.query({
    name: 'mark-checkout',
    text: `update checkouts set status = $2::checkout_status, updated_at = now() where id = $1`,
    values: [id, status],
  });
}
