/** Their twins are the enums payment_kind and payment_status of the database. */
export const PAYMENT_KINDS = ['card', 'wallet', 'cod'] as const;
export type PaymentKind = (typeof PAYMENT_KINDS)[number];

/** SURPLUS: taken although another attempt had already paid the order; to be refunded. */
export const PAYMENT_STATUSES = ['PENDING', 'AUTHORIZED', 'CAPTURED', 'FAILED', 'CANCELLED', 'SURPLUS'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];
