/**
 * What Dropgate asks of whoever moves the money. One interface, whatever the provider; each of its calls can be repeated:
 * the payment's id and the refund's id are the idempotency keys, and the same key never moves money twice.
 */

export interface Charge {
  /** Of this attempt; the idempotency key. */
  readonly paymentId: string;
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
  /** The provider's name for the card. */
  readonly methodToken: string;
  /** The provider's reference, once it is known. */
  readonly ref?: string;
}

/** What the provider says of a charge. Expected outcomes; that it cannot be reached is a ProviderError. */
export type ChargeState =
  | { readonly state: 'captured'; readonly ref: string }
  | { readonly state: 'declined'; readonly ref: string; readonly reason: string }
  /** The shopper has to confirm it at this address (3-D Secure). */
  | { readonly state: 'action'; readonly ref: string; readonly actionUrl: string }
  /** The provider does not know yet: ask again. */
  | { readonly state: 'processing'; readonly ref: string }
  | { readonly state: 'cancelled'; readonly ref: string };

export interface RefundOrder {
  /** The idempotency key. */
  readonly refundId: string;
  readonly paymentId: string;
  readonly ref: string;
  readonly amountMinor: number;
}

export type RefundState =
  | { readonly state: 'done'; readonly ref: string }
  | { readonly state: 'processing'; readonly ref: string }
  | { readonly state: 'refused'; readonly reason: string };

/** A charge as the provider's own books have it, for reconciliation and the audit. */
export interface BookedCharge {
  readonly ref: string;
  /** Empty for a charge that is none of ours. */
  readonly paymentId: string;
  readonly orderId: string;
  readonly state: ChargeState['state'];
  readonly amountMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  readonly currency: string;
  readonly createdAtMs: number;
}

export type Webhook =
  | {
      readonly ok: true;
      readonly eventId: string;
      readonly type: string;
      readonly ref: string | undefined;
      /** It says that money was taken. */
      readonly isPaid: boolean;
    }
  | { readonly ok: false; readonly reason: string };

export interface PaymentProvider {
  /** As payments.provider has it. */
  readonly name: string;
  /** Opens the charge, which moves nothing and can be found by its key from then on, and takes the money. */
  charge(charge: Charge): Promise<ChargeState>;
  find(ref: string): Promise<ChargeState>;
  /** Never takes money, also where the charge was never opened. `captured` when it is too late to cancel. */
  cancel(charge: Charge): Promise<ChargeState>;
  refund(refund: RefundOrder): Promise<RefundState>;
  /** All charges that were opened since, oldest or newest first as the provider likes. */
  booked(sinceMs: number): AsyncIterable<BookedCharge>;
  /** Whether what came in is from the provider (its signature over the very bytes), and what it speaks of. */
  readWebhook(body: Buffer, signature: string): Webhook;
}

/**
 * The provider did not answer, or answered that it cannot now. Nobody knows what became of the call unless `sent` is
 * false: then it never left, and another provider may be asked instead.
 */
export class ProviderError extends Error {
  readonly provider: string;
  readonly sent: boolean;

  constructor(provider: string, message: string, options: { readonly sent: boolean; readonly cause?: unknown }) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'ProviderError';
    this.provider = provider;
    this.sent = options.sent;
  }
}
