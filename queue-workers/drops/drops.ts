/**
 * Brings drops from PostgreSQL, where merchants change them, to Redis, where they are sold; ends them at their time, and
 * closes their books. One process leads; each step can be done twice.
 */
import { createIdSource } from '../../contracts/ids.ts';
import { INTERVALS, LIMITS } from '../../contracts/limits.ts';
import { endOverdue, findUnpublished, findUnsettled } from '../../db/queries/drops/publications.ts';
import { findSelling } from '../../db/queries/drops/sold-out.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Drops } from '../../reservation-core/drops.ts';
import type { Keys } from '../../reservation-core/keys.ts';
import type { Shards } from '../../reservation-core/shards.ts';
import type { Leadership } from '../leadership.ts';
import { type Repeated, repeatLed } from '../repeat.ts';
import { publishDrop } from './publish-drop.ts';
import { settleDrop } from './settle-drop.ts';
import { tellIfSoldOut } from './tell-merchant.ts';

export interface DropsWorkOptions {
  readonly leadership: Leadership;
  readonly database: Database;
  readonly shards: Shards;
  readonly keys: Keys;
  readonly drops: Pick<Drops, 'publish' | 'find'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: DropsMetrics;
  readonly everyMs?: number;
  readonly settleEveryMs?: number;
}

export interface DropsMetrics {
  leads(isLeader: boolean): void;
  published(): void;
  ended(drops: number): void;
  settled(units: number): void;
  failed(work: 'publish' | 'settle' | 'sold-out' | 'look'): void;
}

type Work = 'publish' | 'settle' | 'sold-out';

export function startDropsWork(options: DropsWorkOptions): Repeated {
  const { leadership, database, clock, log, metrics } = options;
  const nextId = createIdSource(clock);
  const { everyMs = INTERVALS.dropsEveryMs, settleEveryMs = INTERVALS.dropsSettleEveryMs } = options;
  /** When to try again what failed, and when to tell of it again, by work and drop. */
  const again = new Map<string, number>();
  const toldUntil = new Map<string, number>();
  let settleAtMs = 0;

  async function lookAtAll(until: AbortSignal): Promise<void> {
    const ended = await endOverdue(database, clock.now(), LIMITS.dropsAtOnce);
    if (ended.length > 0) metrics.ended(ended.length);
    await each('publish', await findUnpublished(database, LIMITS.dropsAtOnce), until, publish);
    if (settleAtMs > performance.now()) return;
    settleAtMs = performance.now() + settleEveryMs;
    await each('sold-out', await findSelling(database, clock.now(), LIMITS.dropsAtOnce), until, async (dropId) => {
      await tellIfSoldOut({ ...options, nextId }, dropId);
    });
    await each('settle', await findUnsettled(database, LIMITS.dropsAtOnce), until, settle);
  }

  async function each(
    work: Work,
    ids: readonly string[],
    until: AbortSignal,
    doing: (dropId: string) => Promise<void>,
  ): Promise<void> {
    forgetAllBut(work, ids);
    for (const dropId of ids) {
      if (until.aborted) return;
      if ((again.get(`${work} ${dropId}`) ?? 0) > performance.now()) continue;
      // What fails for one drop is no reason to leave the others alone.
      await doing(dropId).catch((error: unknown) => {
        failed(work, dropId, error instanceof Error ? error.message : String(error), { err: error });
      });
    }
  }

  function forgetAllBut(work: Work, ids: readonly string[]): void {
    for (const name of again.keys()) {
      const [of, dropId = ''] = name.split(' ');
      if (of === work && !ids.includes(dropId)) forget(work, dropId);
    }
  }

  async function publish(dropId: string): Promise<void> {
    const published = await publishDrop(options, dropId);
    if (!published.done) {
      failed('publish', dropId, published.trouble, { regions: published.regions, err: published.cause });
      return;
    }
    forget('publish', dropId);
    metrics.published();
    log.info({ dropId }, 'a drop is published');
  }

  async function settle(dropId: string): Promise<void> {
    const settled = await settleDrop({ ...options, nextId, nowMs: clock.now() }, dropId);
    if (settled.at === 'broken') failed('settle', dropId, settled.why, {});
    if (settled.at !== 'settled') return;
    forget('settle', dropId);
    const units = settled.returned.reduce((sum, one) => sum + one.units, 0);
    metrics.settled(units);
    log.info({ dropId, returned: units }, 'a drop is settled');
  }

  function forget(work: Work, dropId: string): void {
    again.delete(`${work} ${dropId}`);
    toldUntil.delete(`${work} ${dropId}`);
  }

  /** Told once a minute of each drop, not at every try. */
  function failed(work: Work, dropId: string, why: string, more: object): void {
    const name = `${work} ${dropId}`;
    metrics.failed(work);
    again.set(name, performance.now() + settleEveryMs);
    if ((toldUntil.get(name) ?? 0) > performance.now()) return;
    toldUntil.set(name, performance.now() + INTERVALS.repeatedWarningMs);
    log.error({ dropId, work, why, ...more }, 'a drop is not where it should be, trying again');
  }

  return repeatLed({
    ...{ leadership, everyMs },
    leads: (isLeader) => metrics.leads(isLeader),
    look: lookAtAll,
    failed(error) {
      metrics.failed('look');
      log.warn({ err: error }, 'the drops could not be looked at, trying again');
    },
    resignFailed: (error) => log.warn({ err: error }, 'the lead could not be given up'),
  });
}
