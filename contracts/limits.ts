/**
 * Every bound in one place (invariant 9): beyond a limit the answer is a clear refusal, never growth. They stand by
 * capability in `limits/`; the relations between them are asserted below, when the module is loaded.
 */

import { CART_INTERVALS, CART_LIFETIMES, CART_LIMITS } from './limits/cart.ts';
import { CATALOG_INTERVALS, CATALOG_LIFETIMES, CATALOG_LIMITS } from './limits/catalog.ts';
import { EDGE_INTERVALS, EDGE_LIMITS } from './limits/edge.ts';
import { FIGURES_INTERVALS, FIGURES_LIFETIMES, FIGURES_LIMITS } from './limits/figures.ts';
import { FORECAST_INTERVALS, FORECAST_LIFETIMES, FORECAST_LIMITS } from './limits/forecast.ts';
import { FRAUD_INTERVALS, FRAUD_LIFETIMES, FRAUD_LIMITS } from './limits/fraud.ts';
import { NOTICES_INTERVALS, NOTICES_LIFETIMES, NOTICES_LIMITS } from './limits/notices.ts';
import { ORDERS_INTERVALS, ORDERS_LIFETIMES, ORDERS_LIMITS } from './limits/orders.ts';
import { OUTGOING_INTERVALS, OUTGOING_LIFETIMES, OUTGOING_LIMITS } from './limits/outgoing.ts';
import { PRIVACY_INTERVALS, PRIVACY_LIFETIMES, PRIVACY_LIMITS } from './limits/privacy.ts';
import { RECOMMENDING_INTERVALS, RECOMMENDING_LIFETIMES, RECOMMENDING_LIMITS } from './limits/recommending.ts';
import { REVIEWS_INTERVALS, REVIEWS_LIFETIMES, REVIEWS_LIMITS } from './limits/reviews.ts';
import { SALE_INTERVALS, SALE_LIFETIMES, SALE_LIMITS } from './limits/sale.ts';
import { SIGN_IN_LIFETIMES, SIGN_IN_LIMITS } from './limits/sign-in.ts';
import { STORE_INTERVALS, STORE_LIFETIMES, STORE_LIMITS } from './limits/store.ts';
import { TRADE_INTERVALS, TRADE_LIFETIMES, TRADE_LIMITS } from './limits/trade.ts';
import { TRAINING_INTERVALS, TRAINING_LIFETIMES, TRAINING_LIMITS } from './limits/training.ts';

export const LIMITS = {
  ...EDGE_LIMITS,
  ...SALE_LIMITS,
  ...ORDERS_LIMITS,
  ...NOTICES_LIMITS,
  ...TRADE_LIMITS,
  ...TRAINING_LIMITS,
  ...CATALOG_LIMITS,
  ...CART_LIMITS,
  ...STORE_LIMITS,
  ...PRIVACY_LIMITS,
  ...RECOMMENDING_LIMITS,
  ...FRAUD_LIMITS,
  ...SIGN_IN_LIMITS,
  ...REVIEWS_LIMITS,
  ...OUTGOING_LIMITS,
  ...FIGURES_LIMITS,
  ...FORECAST_LIMITS,
} as const;

/** How often things happen by themselves. */
export const INTERVALS = {
  ...EDGE_INTERVALS,
  ...SALE_INTERVALS,
  ...ORDERS_INTERVALS,
  ...NOTICES_INTERVALS,
  ...TRADE_INTERVALS,
  ...TRAINING_INTERVALS,
  ...CATALOG_INTERVALS,
  ...CART_INTERVALS,
  ...STORE_INTERVALS,
  ...PRIVACY_INTERVALS,
  ...RECOMMENDING_INTERVALS,
  ...FRAUD_INTERVALS,
  ...REVIEWS_INTERVALS,
  ...OUTGOING_INTERVALS,
  ...FIGURES_INTERVALS,
  ...FORECAST_INTERVALS,
} as const;

/** How long what is kept is kept. */
export const LIFETIMES = {
  ...SALE_LIFETIMES,
  ...ORDERS_LIFETIMES,
  ...NOTICES_LIFETIMES,
  ...TRADE_LIFETIMES,
  ...TRAINING_LIFETIMES,
  ...CATALOG_LIFETIMES,
  ...CART_LIFETIMES,
  ...STORE_LIFETIMES,
  ...PRIVACY_LIFETIMES,
  ...RECOMMENDING_LIFETIMES,
  ...FRAUD_LIFETIMES,
  ...SIGN_IN_LIFETIMES,
  ...REVIEWS_LIFETIMES,
  ...OUTGOING_LIFETIMES,
  ...FIGURES_LIFETIMES,
  ...FORECAST_LIFETIMES,
} as const;

const relations: readonly [boolean, string][] = [
  [
    LIMITS.relayBatch * (LIMITS.expireBatch + LIMITS.claimBatch) <= LIMITS.relayMessages,
    'what a relay takes at once fits its memory',
  ],
  [LIMITS.claimBatch <= LIMITS.claimQueue, 'a batch of claims fits the queue'],
  [
    LIMITS.transfersKept + LIMITS.transfersPerRound < LIMITS.transfersRemembered,
    'a round of transfers fits a journal that was just settled',
  ],
  [LIMITS.joinBatch <= LIMITS.joinQueue, 'a batch of joins fits the queue'],
  [LIMITS.ordersPartitions < LIMITS.ordersConnections, 'no batch of orders waits for a connection'],
  [
    LIMITS.accessTokenChars + LIMITS.ticketChars + LIMITS.nonceChars + LIMITS.proofChars + 256 <=
      LIMITS.socketFrameBytes,
    'the longest join fits a frame',
  ],
  [LIMITS.budgetDeadlineMs < LIMITS.joinDeadlineMs, 'a join outlives the wait for its budget'],
  [LIMITS.socketFrameBytes <= LIMITS.socketBackpressureBytes, 'a frame fits the back-pressure limit'],
  [LIMITS.unitsPerClaim <= LIMITS.unitsPerShopper, 'one claim may not exceed the most a shopper can have'],
  [
    LIMITS.unitsPerClaim * LIMITS.priceMinor <= Number.MAX_SAFE_INTEGER,
    'the amount of the largest claim is an exact integer',
  ],
  [
    LIFETIMES.dropKeysAfterEndMs > (LIMITS.holdSeconds + LIMITS.passSeconds) * 1_000,
    'keys outlive every hold (invariant 4)',
  ],
  [INTERVALS.relayTakeoverMs > 10 * INTERVALS.relayBlockMs, 'a relay that only waits is not taken for dead'],
  [INTERVALS.expireLookMs < 1_000, 'no hold begins and ends between two looks of a sweeper'],
  [INTERVALS.rebalanceEveryMs * 4 < INTERVALS.rebalanceLockMs, 'a leader may miss a refresh'],
  [INTERVALS.drawEveryMs * 4 < INTERVALS.drawLockMs, 'who draws may miss a refresh'],
  [INTERVALS.dropsSettleEveryMs * 4 < INTERVALS.dropsLockMs, 'who publishes drops may miss a refresh'],
  [INTERVALS.reconcileEveryMs * 4 < INTERVALS.reconcileLockMs, 'who reconciles may miss a refresh'],
  [INTERVALS.relayTakeoverMs * 2 < INTERVALS.reconcileGraceMs, 'what a dead relay left is taken over within the grace'],
  [INTERVALS.pickUpMs <= INTERVALS.graceMs, 'a called place waits no longer than an uncalled one'],
  [INTERVALS.pollPresenceMs < INTERVALS.graceMs, 'who asks in time does not lose the place between two questions'],
  [INTERVALS.admitEveryMs * 10 < INTERVALS.graceMs, 'an edge that misses some ticks is not taken for dead'],
  [
    LIMITS.paymentBudgetMs * 2 < INTERVALS.paymentLeaseMs,
    'who calls a payment provider is done while the payment is theirs',
  ],
  [LIMITS.paymentsBatch <= LIMITS.paymentsInHand, 'a batch of payments fits a hand'],
  [LIMITS.paymentCallMs < LIMITS.paymentBudgetMs, 'a call to a payment provider fits the budget of its step'],
  [LIFETIMES.refreshGraceMs < LIFETIMES.refreshTokenMs, 'the grace of a refresh token is a small part of its life'],
  [
    LIFETIMES.cacheAgesMs > 2 * (LIFETIMES.cacheMs + INTERVALS.cacheLoadMs),
    'no cache entry outlives the count of its invalidations',
  ],
  [LIMITS.webhookDeadlineMs * 2 < INTERVALS.deliveryLeaseMs, 'who delivers is done while the delivery is theirs'],
  [LIMITS.pushDeadlineMs * 2 < INTERVALS.deliveryLeaseMs, 'who pushes is done while the push is theirs'],
  [INTERVALS.flagsEveryMs < 1_000, 'every store knows of a switch within a second'],
  [
    INTERVALS.attributionDelayMs * 10 < LIFETIMES.attributionMs,
    'what led to an order is still there when it is looked at',
  ],
  [LIFETIMES.attributionMs * 2 < LIFETIMES.countedMs, 'what was counted outlives what can come of it'],
  [
    INTERVALS.trainingAtLeastEveryMs * 2 < LIFETIMES.modelMs,
    'a model outlives the next training, and one that failed as well',
  ],
  [INTERVALS.admitEveryMs <= INTERVALS.headBroadcastMs, 'a broadcast has something new to say'],
];

for (const [holds, what] of relations) {
  if (!holds) throw new Error(`contracts/limits.ts contradicts itself: ${what}.`);
}
