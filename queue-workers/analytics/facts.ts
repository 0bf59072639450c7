/** Looks up what the figures of a batch name, each thing once. */
import type { Facts } from '../../commerce/figures/count.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { merchantsOfCheckouts, merchantsOfProducts } from '../../db/queries/figures/find-facts.ts';
import { moneyOfOrders } from '../../db/queries/settlement/money-of-orders.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import type { ReadFigure } from './read-figure.ts';

/** A product never changes its merchant, so what is known stays; the oldest make room. */
export type KnownMerchants = Map<string, string>;

export async function lookUp(
  client: DatabaseClient,
  known: KnownMerchants,
  read: readonly ReadFigure[],
): Promise<Facts> {
  const named = namesIn(read);
  const found = await merchantsOfProducts(
    client,
    [...named.products].filter((id) => !known.has(id)),
  );
  // This batch keeps what it found, whatever is forgotten for it.
  const merchants = new Map([...named.products].flatMap((id) => pair(id, found.get(id) ?? known.get(id))));
  remember(known, found);
  const checkouts = await merchantsOfCheckouts(client, [...named.checkouts]);
  const orders = await moneyOfOrders(client, [...named.orders]);
  return {
    merchantOf: (productId) => merchants.get(productId),
    merchantsOfCheckout: (checkoutId) => checkouts.get(checkoutId) ?? [],
    order: (orderId) => orders.get(orderId),
  };
}

function pair(id: string, merchantId: string | undefined): [string, string][] {
  return merchantId === undefined ? [] : [[id, merchantId]];
}

function remember(known: KnownMerchants, found: ReadonlyMap<string, string>): void {
  for (const [id, merchantId] of found) {
    if (known.size >= LIMITS.productsRemembered) {
      const [oldest] = known.keys();
      if (oldest !== undefined) known.delete(oldest);
    }
    known.set(id, merchantId);
  }
}

function namesIn(read: readonly ReadFigure[]) {
  const [products, checkouts, orders] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const { figure } of read) {
    const { values, subjectId } = figure;
    if ('productId' in values) products.add(values.productId);
    if ('checkoutId' in values) checkouts.add(values.checkoutId);
    if ('orderId' in values) orders.add(values.orderId);
    // Of what payments tell the subject is the order.
    else if ('payment' in values && subjectId !== null) orders.add(subjectId);
  }
  return { products, checkouts, orders };
}
