/** Round after round over all drops, for as long as this process leads. */
import { type DropDefinition, phaseOf } from '../../contracts/drop.ts';
import { INTERVALS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Drops } from '../../reservation-core/drops.ts';
import type { Rebalancer, Round } from '../../reservation-core/regions/rebalancer.ts';
import type { Leadership } from '../leadership.ts';
import { type Repeated, repeatLed } from '../repeat.ts';

export interface RebalanceOptions {
  readonly leadership: Leadership;
  readonly rebalancer: Rebalancer;
  readonly drops: Pick<Drops, 'ids' | 'find'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: RebalanceMetrics;
  readonly everyMs?: number;
}

export interface RebalanceMetrics {
  leads(isLeader: boolean): void;
  moved(units: number): void;
  finished(transfers: number): void;
  /** Over all drops: what is on its way and could not arrive. */
  open(transfers: number): void;
  failed(): void;
}

export function startRebalance(options: RebalanceOptions): Repeated {
  const { leadership, rebalancer, drops, clock, log, metrics, everyMs = INTERVALS.rebalanceEveryMs } = options;
  /** Drops that are over and had nothing open, and when to look at them again. */
  const quiet = new Map<string, number>();
  const goneToldUntil = new Map<string, number>();
  const openByDrop = new Map<string, number>();

  async function rebalanceAll(until: AbortSignal): Promise<void> {
    const ids = new Set(await drops.ids());
    forget(ids);
    for (const dropId of ids) {
      if (until.aborted) break;
      if ((quiet.get(dropId) ?? 0) > performance.now()) continue;
      await rebalanceOne(dropId, until);
    }
    metrics.open([...openByDrop.values()].reduce((sum, count) => sum + count, 0));
  }

  /** What fails for one drop is no reason to leave the others alone. */
  async function rebalanceOne(dropId: string, until: AbortSignal): Promise<void> {
    try {
      const drop = await drops.find(dropId);
      if (drop !== undefined) tell(drop, await rebalancer.round(drop, until));
    } catch (error) {
      failed(error, 'a drop could not be rebalanced');
    }
  }

  function tell(drop: DropDefinition, round: Round): void {
    for (const { error, what } of round.failures) failed(error, what);
    for (const { error, what } of round.gone) regionFailed(error, what);
    metrics.finished(round.finished.length);
    metrics.moved(round.moved.reduce((sum, { units }) => sum + units, 0));
    openByDrop.set(drop.id, round.open.length);
    if (round.finished.length + round.moved.length > 0) {
      log.info({ dropId: drop.id, moved: round.moved, finished: round.finished }, 'stock was moved between regions');
    }
    const isOver = phaseOf(drop, clock.now()) === 'ended';
    if (isOver && round.open.length + round.gone.length + round.failures.length === 0) {
      quiet.set(drop.id, performance.now() + INTERVALS.rebalanceSweepMs);
    }
  }

  function forget(ids: ReadonlySet<string>): void {
    rebalancer.keepOnly(ids);
    for (const known of [quiet, openByDrop])
      for (const dropId of known.keys()) if (!ids.has(dropId)) known.delete(dropId);
  }

  function failed(error: unknown, what: string): void {
    metrics.failed();
    log.warn({ err: error, what }, 'stock could not be moved as it should be');
  }

  /** Told once a minute, not in every round of every drop. */
  function regionFailed(error: unknown, region: string): void {
    metrics.failed();
    if ((goneToldUntil.get(region) ?? 0) > performance.now()) return;
    goneToldUntil.set(region, performance.now() + INTERVALS.repeatedWarningMs);
    log.warn({ err: error, region }, 'a region does not answer: its units stay where they are');
  }

  return repeatLed({
    ...{ leadership, everyMs },
    leads: (isLeader) => metrics.leads(isLeader),
    look: rebalanceAll,
    failed(error) {
      failed(error, 'a round');
    },
    resignFailed: (error) => failed(error, 'giving up the lead'),
  });
}
