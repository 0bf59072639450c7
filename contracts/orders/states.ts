/** The names of the states of an order. The table of steps between them belongs to commerce/orders. */
export const ORDER_STATES = [
  'PENDING',
  'REVIEW',
  'CONFIRMED',
  'PROCESSING',
  'SHIPPED',
  'DELIVERED',
  'COMPLETED',
  'CANCELLED',
  'REFUND_PENDING',
  'REFUNDED',
  'RETURN_REQUESTED',
  'RETURN_APPROVED',
  'RETURN_RECEIVED',
] as const;

export type OrderState = (typeof ORDER_STATES)[number];
