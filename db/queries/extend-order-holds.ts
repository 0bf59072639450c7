import type { ClientBase } from 'pg';
import { boundsOf } from './take-due-payments.ts';

export interface ExtendedHold {
  readonly orderId: string;
  readonly untilMs: number;
}

const EXTEND = `
  update orders set hold_until = greatest(hold_until, to_timestamp(hold.until_ms / 1000)), updated_at = now()
  from unnest($1::uuid[], $2::float8[]) as hold (id, until_ms)
  where orders.id = hold.id and orders.id between $3::uuid and $4::uuid`;

/** Writes down that holds were given more time. */
export async function extendOrderHolds(client: ClientBase, holds: readonly ExtendedHold[]): Promise<void> {
  if (holds.length === 0) return;
  const ids = holds.map(({ orderId }) => orderId);
  const values = [ids, holds.map(({ untilMs }) => untilMs), ...boundsOf(ids)];
  await client.query({ name: 'extend-order-holds', text: EXTEND, values });
}
