/**
 * Takes deliveries that are due and sends them, each by itself: one that hangs holds up nothing but its own place. Places
 * for receivers that fail are counted apart, so however many of them hang, those that answer get theirs.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { INTERVALS, LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { pruneMerchantEvents } from '../../db/queries/webhooks/end-deliveries.ts';
import { type DueDelivery, takeDeliveries } from '../../db/queries/webhooks/take-deliveries.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { type Repeated, repeat } from '../repeat.ts';
import { type DeliverOptions, type DeliveryResult, deliver } from './deliver.ts';

const STOP_MS = 4_000;
const MOMENT_MS = 50;

export interface WebhooksOptions extends DeliverOptions {
  readonly log: Logger;
  readonly metrics: { result(result: DeliveryResult | 'lost'): void; underWay(count: number): void };
  readonly everyMs?: number;
  readonly leaseMs?: number;
}

export function startWebhooks(options: WebhooksOptions): Repeated {
  const { database, clock, log, metrics } = options;
  const { everyMs = INTERVALS.webhooksEveryMs, leaseMs = INTERVALS.deliveryLeaseMs } = options;
  const underWay = { good: new Set<Promise<void>>(), failing: new Set<Promise<void>>() };
  let prunedAtMs = Number.NEGATIVE_INFINITY;
  let failingDueMs = 0;

  async function take(kind: 'good' | 'failing'): Promise<number> {
    const isFailing = kind === 'failing';
    const most = isFailing ? LIMITS.failingWebhooksAtOnce : LIMITS.webhooksAtOnce - LIMITS.failingWebhooksAtOnce;
    const limit = most - underWay[kind].size;
    if (limit <= 0) return 0;
    const perEndpoint = isFailing ? 1 : LIMITS.webhooksAtOncePerEndpoint;
    const perMerchant = isFailing ? LIMITS.failingWebhooksAtOncePerMerchant : LIMITS.webhooksAtOncePerMerchant;
    const due = await takeDeliveries(database, { limit, isFailing, perEndpoint, perMerchant, leaseMs });
    for (const one of due) begin(kind, one);
    metrics.underWay(underWay.good.size + underWay.failing.size);
    return due.length;
  }

  function begin(kind: 'good' | 'failing', due: DueDelivery): void {
    const sending = deliver(options, due)
      .then((result) => metrics.result(result))
      // What became of it could not be written: whoever comes after the lease sends it again.
      .catch((error: unknown) => {
        metrics.result('lost');
        log.warn({ err: error, deliveryId: due.id }, 'the outcome of a delivery could not be written');
      })
      .finally(() => underWay[kind].delete(sending));
    underWay[kind].add(sending);
  }

  async function look(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      await prune(clock.now());
      if (performance.now() >= failingDueMs) {
        failingDueMs = performance.now() + everyMs;
        await take('failing');
      }
      if ((await take('good')) === 0) return;
      // To take many is as much work as to take one, so those under way get a moment, and no more: nobody waits for one
      // that hangs.
      const moment = delay(MOMENT_MS, undefined, { signal: stopping }).catch(() => undefined);
      await Promise.race([Promise.all(underWay.good), moment]);
    }
  }

  async function prune(nowMs: number): Promise<void> {
    if (nowMs - prunedAtMs < INTERVALS.pruneEveryMs) return;
    prunedAtMs = nowMs;
    const beforeMs = nowMs - LIFETIMES.webhookEventsKeptMs;
    for (let round = 0; round < LIMITS.pruneRounds; round += 1) {
      if ((await pruneMerchantEvents(database, beforeMs, LIMITS.pruneBatch)) < LIMITS.pruneBatch) return;
    }
  }

  const looking = repeat({
    ...{ everyMs, look },
    failed: (error) => log.warn({ err: error }, 'it could not be looked for webhooks, trying again'),
  });
  return {
    async stop() {
      await looking.stop();
      // What is not done by then is somebody else's when its lease is over.
      await Promise.race([
        Promise.all([...underWay.good, ...underWay.failing]),
        delay(STOP_MS, undefined, { ref: false }),
      ]);
    },
  };
}
