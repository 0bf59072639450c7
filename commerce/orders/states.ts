import type { OrderState } from '../../contracts/orders/states.ts';

/** The steps that an order may make. Its twin is the SQL function order_may_step, by which the database refuses others. */
export const ORDER_STEPS = {
  PENDING: ['REVIEW', 'CONFIRMED', 'CANCELLED'],
  REVIEW: ['CONFIRMED', 'CANCELLED'],
  CONFIRMED: ['PROCESSING', 'CANCELLED'],
  PROCESSING: ['SHIPPED'],
  SHIPPED: ['DELIVERED'],
  DELIVERED: ['COMPLETED', 'RETURN_REQUESTED'],
  COMPLETED: [],
  CANCELLED: ['REFUND_PENDING'],
  REFUND_PENDING: ['REFUNDED'],
  REFUNDED: [],
  RETURN_REQUESTED: ['RETURN_APPROVED', 'DELIVERED'],
  RETURN_APPROVED: ['RETURN_RECEIVED'],
  RETURN_RECEIVED: ['REFUNDED'],
} as const satisfies Record<OrderState, readonly OrderState[]>;

export function canStep(from: OrderState, to: OrderState): boolean {
  const steps: readonly OrderState[] = ORDER_STEPS[from];
  return steps.includes(to);
}
