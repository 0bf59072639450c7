/** What a figure adds to which sums: once to all, once to each merchant whom it concerns, once to each article. */

import { NO_ID } from '../../contracts/figure-rows.ts';
import type { AnyFigure } from '../../contracts/figures.ts';
import type { OrderMoney } from '../../contracts/orders/money.ts';
import { paidFor } from '../returns/return-amounts.ts';
import { type Movement, movementsOf } from '../settlement/movements.ts';
import { sharesOfPayment } from '../settlement/shares.ts';
import type { Part, Sums } from './sums.ts';

/** What was looked up of what the figures name. */
export interface Facts {
  merchantOf(productId: string): string | undefined;
  merchantsOfCheckout(checkoutId: string): readonly string[];
  order(orderId: string): OrderMoney | undefined;
}

type Base = Pick<Part, 'atMs' | 'name'>;

export function count(sums: Sums, atMs: number, figure: AnyFigure, facts: Facts): void {
  const base = { atMs, name: figure.name };
  switch (figure.name) {
    case 'product.viewed':
    case 'recommendation.clicked':
      article(sums, base, { productId: figure.values.productId, sku: '', units: 1 }, facts);
      break;
    case 'cart.added':
      article(sums, base, { ...figure.values, units: figure.values.quantity }, facts);
      break;
    case 'search.done':
      sums.add({ ...base, grain: 'all', events: 1 });
      if (figure.values.results === 0) sums.add({ atMs, name: 'search.empty', grain: 'all', events: 1 });
      if (figure.values.isCorrected) sums.add({ atMs, name: 'search.corrected', grain: 'all', events: 1 });
      break;
    case 'recommendation.shown':
      sums.add({ ...base, grain: 'all', events: 1, units: figure.values.products });
      break;
    case 'checkout.started': {
      const { checkoutId, amount, currency } = figure.values;
      sums.add({ ...base, grain: 'all', events: 1, amountMinor: amount, currency });
      // Of a merchant without the amount: it is divided when there is an order.
      for (const merchantId of facts.merchantsOfCheckout(checkoutId)) {
        sums.add({ ...base, grain: 'merchant', merchantId, events: 1, currency });
      }
      break;
    }
    case 'order.placed':
      order(sums, base, facts.order(figure.values.orderId), figure.values);
      break;
    case 'order.confirmed':
    case 'order.cancelled':
    case 'payment.failed':
      order(sums, base, orderOf(figure.subjectId, facts), figure.values);
      break;
    case 'payment.captured':
      moved(sums, base, orderOf(figure.subjectId, facts), { id: figure.values.paymentId, ...figure.values });
      break;
    case 'refund.done':
      moved(sums, base, facts.order(figure.values.orderId), { id: figure.values.refundId, ...figure.values });
      break;
  }
}

function orderOf(orderId: string | null, facts: Facts): OrderMoney | undefined {
  return orderId === null ? undefined : facts.order(orderId);
}

function article(
  sums: Sums,
  base: Base,
  { productId, sku, units }: { readonly productId: string; readonly sku: string; readonly units: number },
  facts: Facts,
): void {
  const merchantId = facts.merchantOf(productId);
  sums.add({ ...base, grain: 'all', events: 1, units });
  // Of a product that there is not, nothing but that somebody asked for it.
  if (merchantId === undefined) return;
  sums.add({ ...base, grain: 'merchant', merchantId, events: 1, units });
  sums.add({ ...base, grain: 'article', merchantId, productId, sku, events: 1, units });
}

interface Told {
  readonly amount: number;
  readonly currency: string;
}

function order(sums: Sums, base: Base, money: OrderMoney | undefined, { amount, currency }: Told): void {
  if (money === undefined) sums.add({ ...base, grain: 'all', events: 1, amountMinor: amount, currency });
  else countParts(sums, base, money, sharesOfPayment(amount, money.lines.map(paidFor)));
}

function moved(
  sums: Sums,
  base: Base,
  money: OrderMoney | undefined,
  told: Told & { readonly id: string | undefined },
): void {
  const movement = money && movementsOf(money).find(({ id }) => id === told.id);
  if (money === undefined || movement === undefined) order(sums, base, money, told);
  else countMovement(sums, money, movement);
}

/** In the minute in which the database says that it moved, so that it can be counted again from there. */
export function countMovement(sums: Sums, money: OrderMoney, movement: Movement): void {
  const { kind, atMs, parts, amountMinor, isSurplus } = movement;
  const base = { atMs, name: kind === 'payment' ? 'payment.captured' : 'refund.done' } as const;
  if (!isSurplus) {
    countParts(sums, base, money, parts);
    return;
  }
  // What was taken twice was sold once: it is money that came and goes, of no merchant and no article.
  const { dropId, region, currency } = money;
  const about = { dropId: dropId ?? NO_ID, region: region ?? '', currency };
  sums.add({ ...base, ...about, grain: 'all', events: 1, amountMinor });
}

function countParts(sums: Sums, base: Base, money: OrderMoney, parts: readonly number[]): void {
  const { dropId, region, currency, lines } = money;
  const about = { ...base, dropId: dropId ?? NO_ID, region: region ?? '', currency };
  const total = { events: 1, units: 0, amountMinor: 0 };
  const ofMerchants = new Map<string, { events: number; units: number; amountMinor: number }>();
  for (const [at, { merchantId, productId, sku, quantity }] of lines.entries()) {
    const amountMinor = parts[at] ?? 0;
    // What a refund takes nothing of is not of it.
    if (base.name === 'refund.done' && amountMinor === 0) continue;
    const units = base.name === 'refund.done' ? 0 : quantity;
    total.units += units;
    total.amountMinor += amountMinor;
    sums.add({
      ...{ ...about, grain: 'article', merchantId: merchantId ?? NO_ID, productId: productId ?? NO_ID, sku },
      ...{ events: 1, units, amountMinor },
    });
    if (merchantId === null) continue;
    const of = ofMerchants.get(merchantId) ?? { events: 1, units: 0, amountMinor: 0 };
    ofMerchants.set(merchantId, { ...of, units: of.units + units, amountMinor: of.amountMinor + amountMinor });
  }
  sums.add({ ...about, grain: 'all', ...total });
  for (const [merchantId, of] of ofMerchants) sums.add({ ...about, grain: 'merchant', merchantId, ...of });
}
