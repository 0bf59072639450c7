/**
 * Ends the holds of one region when their time is over, in bounded batches, one drop after the other, so that a drop with
 * a hundred thousand of them does not keep the others waiting. Several sweepers of a region may run: the script ends a
 * hold once, whoever asks.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Holds } from '../../reservation-core/holds.ts';
import type { DueTimes } from './due-times.ts';

export interface SweeperOptions {
  readonly region: string;
  readonly holds: Pick<Holds, 'expire'>;
  readonly dueTimes: DueTimes;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: SweeperMetrics;
  /** The drops that there are now; asked for every INTERVALS.dropRefreshMs. */
  dropIds(): Promise<readonly string[]>;
}

export interface SweeperMetrics {
  /** `lagMs`: how long after its time the longest overdue of these holds ended. */
  expired(count: number, lagMs: number): void;
  /** How far behind the sweeper is: zero when nothing is overdue. */
  behind(lagMs: number): void;
  failed(): void;
}

export interface Sweeper {
  /** Resolves once the batch in hand is done. */
  stop(): Promise<void>;
}

export function startSweeper(options: SweeperOptions): Sweeper {
  const { region, holds, dueTimes, clock, log, metrics } = options;
  const stopping = new AbortController();
  /** By drop: when to look at it next. A hold made after a look lasts longer than it takes until the next one. */
  let lookAtMs = new Map<string, number>();
  let refreshAtMs = 0;
  let quietUntilMs = 0;

  async function refresh(): Promise<void> {
    if (performance.now() < refreshAtMs) return;
    try {
      lookAtMs = new Map((await options.dropIds()).map((dropId) => [dropId, lookAtMs.get(dropId) ?? 0]));
    } catch (error) {
      // The list lives on the home shard; the holds of this region end without it as well.
      failed(error, 'the list of drops could not be read, going on with the last one');
    }
    refreshAtMs = performance.now() + INTERVALS.dropRefreshMs;
  }

  /** Those with overdue holds, and when that hold's time was over. */
  async function look(): Promise<[dropId: string, dueMs: number][]> {
    const nowMs = clock.now();
    const dropIds = [...lookAtMs]
      .flatMap(([dropId, atMs]) => (atMs <= nowMs ? [dropId] : []))
      .slice(0, LIMITS.expireLooks);
    const dueMs = dropIds.length === 0 ? [] : await dueTimes.next(dropIds);
    return dropIds.flatMap((dropId, at): [string, number][] => {
      const due = dueMs[at] ?? Number.POSITIVE_INFINITY;
      lookAtMs.set(dropId, Math.min(due, nowMs + INTERVALS.expireLookMs));
      return due <= nowMs ? [[dropId, due]] : [];
    });
  }

  /** Whether there may be more. What fails for one drop is no reason to keep the others waiting. */
  async function expire(dropId: string): Promise<boolean> {
    try {
      const ended = await holds.expire(dropId, region, clock.now());
      if (ended.reply === 'NONE') return false;
      // Holds that were sold in the meantime are due as well, and nobody waits for them.
      if (ended.count > 0) metrics.expired(ended.count, clock.now() - ended.oldestDueMs);
      return ended.more === 1;
    } catch (error) {
      failed(error, 'holds of a drop could not be ended, trying again');
      lookAtMs.set(dropId, clock.now() + INTERVALS.expireLookMs);
      return false;
    }
  }

  /** In turn, until nothing is overdue or it is time to look at the other drops again. */
  async function expireInTurn(overdue: string[], untilMs: number): Promise<void> {
    while (performance.now() < untilMs && !stopping.signal.aborted) {
      const dropId = overdue.shift();
      if (dropId === undefined) return;
      overdue.push(dropId);
      if (await expire(dropId)) continue;
      const at = overdue.indexOf(dropId);
      if (at >= 0) overdue.splice(at, 1);
    }
  }

  async function once(): Promise<void> {
    await refresh();
    const overdue = await look();
    metrics.behind(overdue.reduce((most, [, dueMs]) => Math.max(most, clock.now() - dueMs), 0));
    if (overdue.length === 0) return await untilNextLook();
    const queue = overdue.map(([dropId]) => dropId);
    const untilMs = performance.now() + INTERVALS.expireLookMs;
    await Promise.all(Array.from({ length: LIMITS.expiresInFlight }, () => expireInTurn(queue, untilMs)));
  }

  async function untilNextLook(): Promise<void> {
    const nextMs = [...lookAtMs.values()].reduce((least, atMs) => Math.min(least, atMs), Number.POSITIVE_INFINITY);
    const waitMs = Math.min(INTERVALS.expireLookMs, Math.max(0, nextMs - clock.now()));
    await delay(waitMs, undefined, { signal: stopping.signal });
  }

  /** Each failure is counted; one a minute is told. */
  function failed(error: unknown, what: string): void {
    metrics.failed();
    if (performance.now() < quietUntilMs) return;
    quietUntilMs = performance.now() + INTERVALS.repeatedWarningMs;
    log.warn({ err: error, region }, what);
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await once();
      } catch (error) {
        if (stopping.signal.aborted) return;
        failed(error, 'holds could not be ended, trying again');
        lookAtMs = new Map([...lookAtMs.keys()].map((dropId) => [dropId, 0]));
        await delay(INTERVALS.expireLookMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
