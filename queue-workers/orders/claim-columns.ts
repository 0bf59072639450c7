/** Claims on their way into the thread: a few arrays are copied in a fifth of the time that a thousand objects take. */
import type { DropOrder } from '../../db/queries/drop-order-columns.ts';

/** A claim as it was read: nothing of it is worked out yet. */
export type ClaimRow = Omit<DropOrder, 'event' | 'taxMinor' | 'riskScore' | 'verdict' | 'paymentMethodId'> & {
  readonly paymentMethodId: string | null;
};

export type ClaimColumns = { readonly [K in keyof ClaimRow]-?: readonly ClaimRow[K][] };

export function columnsOf(claims: readonly ClaimRow[]): ClaimColumns {
  return {
    claimId: claims.map(({ claimId }) => claimId),
    claimKey: claims.map(({ claimKey }) => claimKey),
    dropId: claims.map(({ dropId }) => dropId),
    region: claims.map(({ region }) => region),
    shopperId: claims.map(({ shopperId }) => shopperId),
    sku: claims.map(({ sku }) => sku),
    productTitle: claims.map(({ productTitle }) => productTitle),
    quantity: claims.map(({ quantity }) => quantity),
    unitPriceMinor: claims.map(({ unitPriceMinor }) => unitPriceMinor),
    currency: claims.map(({ currency }) => currency),
    claimedAtMs: claims.map(({ claimedAtMs }) => claimedAtMs),
    holdUntilMs: claims.map(({ holdUntilMs }) => holdUntilMs),
    paymentMethodId: claims.map(({ paymentMethodId }) => paymentMethodId),
  };
}

export function rowsOf(columns: ClaimColumns): ClaimRow[] {
  return columns.claimId.map((claimId, at) => ({
    claimId,
    claimKey: columns.claimKey[at] ?? '',
    dropId: columns.dropId[at] ?? '',
    region: columns.region[at] ?? '',
    shopperId: columns.shopperId[at] ?? '',
    sku: columns.sku[at] ?? '',
    productTitle: columns.productTitle[at] ?? '',
    quantity: columns.quantity[at] ?? 0,
    unitPriceMinor: columns.unitPriceMinor[at] ?? 0,
    currency: columns.currency[at] ?? '',
    claimedAtMs: columns.claimedAtMs[at] ?? 0,
    holdUntilMs: columns.holdUntilMs[at] ?? 0,
    paymentMethodId: columns.paymentMethodId[at] ?? null,
  }));
}
