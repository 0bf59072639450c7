/**
 * Sends what is due to push services. One that hangs has no more than its share of the places, and neither has a person
 * whose browsers are said to be at many that hang.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { INTERVALS, LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import {
  type DuePush,
  giveBackPush,
  notePush,
  type PushEnd,
  prunePushes,
  takePushes,
} from '../../db/queries/push/deliveries.ts';
import { forgetSubscription } from '../../db/queries/push/subscriptions.ts';
import { backoffMs } from '../../platform/backoff.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Posted, Poster } from '../../platform/outgoing/poster.ts';
import { type Repeated, repeat } from '../repeat.ts';
import { type Sealing, sealPush } from './seal.ts';

export interface PushOptions extends Sealing {
  readonly database: Database;
  readonly poster: Pick<Poster, 'post'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: { counted(result: 'sent' | 'later' | 'dead' | 'gone'): void };
  readonly everyMs?: number;
  readonly retry?: { readonly minMs: number; readonly maxMs: number };
}

const STOP_MS = 4_000;
const BUSY_MS = 1_000;

export function startPush(options: PushOptions): Repeated {
  const { database, clock, log, everyMs = INTERVALS.pushesEveryMs } = options;
  const underWay = new Map<Promise<void>, { readonly host: string; readonly userId: string }>();
  let prunedAtMs = Number.NEGATIVE_INFINITY;

  async function begin(push: DuePush): Promise<void> {
    const [host, userId] = [hostOf(push.endpoint), push.userId];
    const others = [...underWay.values()];
    const ofHost = others.filter((one) => one.host === host).length;
    const ofUser = others.filter((one) => one.userId === userId).length;
    const isFull = ofHost >= LIMITS.pushesAtOncePerHost || ofUser >= LIMITS.pushesAtOncePerUser;
    if (isFull) return await giveBackPush(database, push, BUSY_MS);
    const sending: Promise<void> = send(options, push)
      // Its outcome could not be written: whoever comes after the lease sends it again, under the same tag.
      .catch((error: unknown) => log.warn({ err: error, eventId: push.eventId }, 'a push has no outcome'))
      .finally(() => underWay.delete(sending));
    underWay.set(sending, { host, userId });
  }

  async function look(stopping: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      const limit = LIMITS.pushesAtOnce - underWay.size;
      const due = limit <= 0 ? [] : await takePushes(database, { limit, leaseMs: INTERVALS.deliveryLeaseMs });
      for (const push of due) await begin(push);
      if (due.length === 0) break;
      const nextLook = delay(everyMs, undefined, { signal: stopping }).catch(() => undefined);
      await Promise.race([...underWay.keys(), nextLook]);
    }
    if (!stopping.aborted) await prune(clock.now());
  }

  async function prune(nowMs: number): Promise<void> {
    if (nowMs - prunedAtMs < INTERVALS.pruneEveryMs) return;
    prunedAtMs = nowMs;
    for (let round = 0; round < LIMITS.pruneRounds; round += 1) {
      if ((await prunePushes(database, nowMs - LIFETIMES.pushesKeptMs, LIMITS.pruneBatch)) < LIMITS.pruneBatch) break;
    }
  }

  const looking = repeat({
    ...{ everyMs, look },
    failed: (error) => log.warn({ err: error }, 'it could not be looked for pushes, trying again'),
  });
  return {
    async stop() {
      await looking.stop();
      await Promise.race([Promise.all(underWay.keys()), delay(STOP_MS, undefined, { ref: false })]);
    },
  };
}

async function send(options: PushOptions, push: DuePush): Promise<void> {
  const { database, clock, metrics } = options;
  const nowMs = clock.now();
  if (push.untilMs <= nowMs) {
    metrics.counted('dead');
    return await notePush(database, push, { state: 'dead', error: 'too late' });
  }
  const posted = await postSealed(options, push, nowMs);
  if (posted.ok && (posted.status === 404 || posted.status === 410)) {
    metrics.counted('gone');
    return await forgetSubscription(database, push.subscriptionId);
  }
  const end = endOf(options, push, posted);
  metrics.counted(end.state === 'waiting' ? 'later' : end.state);
  await notePush(database, push, end);
}

/** Keys that a browser made up can be no point of the curve: nobody can encrypt for it. */
async function postSealed(options: PushOptions, push: DuePush, nowMs: number): Promise<Posted> {
  let call: ReturnType<typeof sealPush>;
  try {
    call = sealPush(options, push, nowMs);
  } catch {
    return { ok: false, failure: 'BAD_ADDRESS', reason: 'its keys are none' };
  }
  return await options.poster.post(call);
}

function endOf({ retry, clock }: PushOptions, { tries, untilMs }: DuePush, posted: Posted): PushEnd {
  if (posted.ok && posted.status >= 200 && posted.status < 300) return { state: 'sent' };
  const error = posted.ok ? `answered ${posted.status}` : `${posted.failure}: ${posted.reason}`;
  const isForGood = posted.ok
    ? posted.status < 500 && posted.status !== 429 && posted.status !== 408
    : posted.failure === 'BAD_ADDRESS' || posted.failure === 'INNER_ADDRESS';
  const { pushRetryMinMs: minMs, pushRetryMaxMs: maxMs } = LIMITS;
  const asked = posted.ok ? Math.min(posted.retryAfterMs ?? 0, maxMs) : 0;
  const inMs = Math.max(asked, backoffMs(tries, retry ?? { minMs, maxMs }));
  if (isForGood || tries >= LIMITS.pushTries || clock.now() + inMs > untilMs) return { state: 'dead', error };
  return { state: 'waiting', error, inMs };
}

function hostOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : '';
}
