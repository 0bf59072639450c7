/** Which step to a purchase a figure is, of whom, and with which merchants. Drops have no such steps: their line has its own. */

import { type FunnelStage, NO_ID } from '../../contracts/figure-rows.ts';
import type { AnyFigure } from '../../contracts/figures.ts';
import type { Facts } from './count.ts';

export interface Visit {
  readonly stage: FunnelStage;
  readonly shopperId: string;
  /** And the store as a whole. */
  readonly merchantIds: readonly string[];
}

export function visitOf(figure: AnyFigure, facts: Facts): Visit | undefined {
  const { subjectId } = figure;
  if (subjectId === null) return undefined;
  switch (figure.name) {
    case 'product.viewed':
      return visit('viewed', subjectId, known(facts.merchantOf(figure.values.productId)));
    case 'cart.added':
      return visit('cart', subjectId, known(facts.merchantOf(figure.values.productId)));
    case 'checkout.started':
      return visit('checkout', subjectId, facts.merchantsOfCheckout(figure.values.checkoutId));
    case 'order.placed':
      return visit('placed', subjectId, merchantsOf(figure.values.orderId, facts));
    case 'order.confirmed': {
      // Its subject is the order.
      const shopperId = facts.order(subjectId)?.shopperId;
      if (shopperId === undefined || figure.dropId !== null) return undefined;
      return visit('paid', shopperId, merchantsOf(subjectId, facts));
    }
    default:
      return undefined;
  }
}

function visit(stage: FunnelStage, shopperId: string, merchantIds: readonly string[]): Visit {
  return { stage, shopperId, merchantIds: [...new Set([NO_ID, ...merchantIds])] };
}

function known(merchantId: string | undefined): string[] {
  return merchantId === undefined ? [] : [merchantId];
}

function merchantsOf(orderId: string, facts: Facts): string[] {
  return (facts.order(orderId)?.lines ?? []).flatMap(({ merchantId }) => merchantId ?? []);
}
