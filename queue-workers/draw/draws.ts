/** Looks for lobbies that are over, for as long as this process leads, and draws. */
import { INTERVALS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Drops } from '../../reservation-core/drops.ts';
import type { Leadership } from '../leadership.ts';
import { type Repeated, repeatLed } from '../repeat.ts';
import { type DrawDropOptions, type Drawn, drawDrop } from './draw-drop.ts';

export interface DrawsOptions extends DrawDropOptions {
  readonly leadership: Leadership;
  readonly drops: Pick<Drops, 'ids'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: DrawMetrics;
  readonly everyMs?: number;
  readonly retryMs?: number;
}

export interface DrawMetrics {
  leads(isLeader: boolean): void;
  drawn(drawn: Drawn): void;
  failed(): void;
}

export function startDraws(options: DrawsOptions): Repeated {
  const { leadership, drops, draw, clock, log, metrics } = options;
  const { everyMs = INTERVALS.drawEveryMs, retryMs = INTERVALS.drawRetryMs } = options;
  /** Drops that have nothing to be drawn now, and when to ask again. */
  const quietUntilMs = new Map<string, number>();
  const toldUntilMs = new Map<string, number>();

  async function lookAtAll(until: AbortSignal): Promise<void> {
    const ids = new Set(await drops.ids());
    forget(ids);
    for (const dropId of ids) {
      if (until.aborted) break;
      if ((quietUntilMs.get(dropId) ?? 0) > performance.now()) continue;
      await lookAt(dropId, until);
    }
  }

  function forget(ids: ReadonlySet<string>): void {
    for (const known of [quietUntilMs, toldUntilMs]) {
      for (const dropId of known.keys()) if (!ids.has(dropId)) known.delete(dropId);
    }
  }

  /** What fails for one drop is no reason to leave the others undrawn. */
  async function lookAt(dropId: string, until: AbortSignal): Promise<void> {
    try {
      quietUntilMs.set(dropId, performance.now() + (await drawIfOver(dropId, until)));
    } catch (error) {
      if (until.aborted) return;
      quietUntilMs.set(dropId, performance.now() + retryMs);
      failed(error, dropId);
    }
  }

  /** Answers with how long there is nothing to be done for this drop. */
  async function drawIfOver(dropId: string, until: AbortSignal): Promise<number> {
    const closed = await draw.close(dropId, clock.now());
    if (closed.reply === 'TOO_EARLY') return Math.min(INTERVALS.drawQuietMs / 10, closed.startsAt - clock.now());
    if (closed.reply !== 'CLOSED') return INTERVALS.drawQuietMs;
    log.info({ dropId, listed: closed.entrants }, 'the lobby is closed, drawing');
    const drawn = await drawDrop(options, dropId, closed.entrants, until);
    metrics.drawn(drawn);
    log.info({ dropId, ...drawn }, 'the draw is done');
    if (drawn.unknown > 0) log.error({ dropId, unknown: drawn.unknown }, 'entrants are not known to the line any more');
    return INTERVALS.drawQuietMs;
  }

  /** Told once a minute of each drop, not at every try. */
  function failed(error: unknown, dropId: string): void {
    metrics.failed();
    if ((toldUntilMs.get(dropId) ?? 0) > performance.now()) return;
    toldUntilMs.set(dropId, performance.now() + INTERVALS.repeatedWarningMs);
    log.error({ err: error, dropId }, 'a draw could not be made, trying again');
  }

  const looking = repeatLed({
    ...{ leadership, everyMs },
    leads: (isLeader) => metrics.leads(isLeader),
    look: lookAtAll,
    failed(error) {
      metrics.failed();
      log.warn({ err: error }, 'the drops could not be looked at, trying again');
    },
    resignFailed: (error) => log.warn({ err: error }, 'the lead could not be given up'),
  });
  return {
    async stop() {
      const stopped = looking.stop();
      // What the thread is at would take longer than a stop may: the next leader does it again.
      await options.computation.close();
      await stopped;
    },
  };
}
