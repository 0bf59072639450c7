import { encodeEvent } from '../../../contracts/events/codec.ts';
import type { IdSource } from '../../../contracts/ids.ts';
import type { OrderState } from '../../../contracts/orders/states.ts';
import type { OrderStep } from '../step-orders.ts';

/** Who does it, and when: what every step of an order says besides where it leads. */
export interface Doing {
  /** The name of a worker, or a role and an id. */
  readonly actor: string;
  readonly reason: string;
  readonly nowMs: number;
  readonly nextId: IdSource;
}

export interface SteppingOrder {
  readonly orderId: string;
  readonly source: 'drop' | 'store';
  readonly shopperId: string;
}

/** A step with its event, for stepOrders. */
export function orderStep(order: SteppingOrder, from: OrderState, to: OrderState, doing: Doing): OrderStep {
  const { orderId, source, shopperId } = order;
  const { actor, reason, nowMs: atMs, nextId } = doing;
  // The order of a drop has the id of its claim.
  const claimId = source === 'drop' ? orderId : null;
  const data = { orderId, claimId, shopperId, from, to, reason };
  const event = encodeEvent({ type: 'order.status', v: 1, id: nextId(), at: atMs, data });
  return { orderId, from, to, reason, actor, atMs, event };
}
