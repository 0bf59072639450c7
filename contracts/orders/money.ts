/** The money of an order, as it is read from the database and as the rules of settling it take it. */

export interface SoldLine {
  readonly line: number;
  /** Null where it is the store's own. */
  readonly merchantId: string | null;
  readonly productId: string | null;
  readonly sku: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly discountMinor: number;
  /** Added to the price; nothing where the price has it inside. */
  readonly taxMinor: number;
}

interface Moved {
  readonly id: string;
  readonly amountMinor: number;
  readonly atMs: number;
}

export interface Capture extends Moved {
  /** Taken although the order was paid: it goes back, and was no merchant's at any time. */
  readonly isSurplus: boolean;
}

export interface DoneRefund extends Moved {
  readonly paymentId: string;
  /** Where goods came back: the worth of each line of them. */
  readonly returned: readonly { readonly line: number; readonly amountMinor: number }[];
}

export interface OrderMoney {
  readonly orderId: string;
  readonly shopperId: string;
  readonly dropId: string | null;
  readonly region: string | null;
  readonly currency: string;
  readonly lines: readonly SoldLine[];
  readonly captures: readonly Capture[];
  /** The oldest first. */
  readonly refunds: readonly DoneRefund[];
}
