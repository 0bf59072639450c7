/** Round after round for as long as this process leads. */
import { INTERVALS } from '../../contracts/limits.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Leadership } from '../leadership.ts';
import { type Repeated, repeatLed } from '../repeat.ts';
import type { ReconcileCore, Told } from './core.ts';
import type { Reconciler } from './reconciler.ts';

export interface RoundsOptions {
  readonly core: ReconcileCore;
  readonly reconciler: Reconciler;
  readonly leadership: Leadership;
  readonly log: Logger;
  readonly metrics: ReconcileMetrics;
  readonly everyMs?: number;
}

export interface ReconcileMetrics {
  leads(isLeader: boolean): void;
  found(told: Told): void;
  failed(): void;
}

/** Of what cannot be mended, each is told once in a while: a walk comes past it again and again. */
const TOLD_MOST = 10_000;

export function startReconcile(options: RoundsOptions): Repeated {
  const { core, reconciler, leadership, log, metrics, everyMs = INTERVALS.reconcileEveryMs } = options;
  const toldUntil = new Map<string, number>();
  /** By part: from when on it is its turn again. */
  const turns = new Map<string, number>();

  function tell(told: Told): void {
    const name = `${told.kind} ${told.id}`;
    if (!told.mended && (toldUntil.get(name) ?? 0) > performance.now()) return;
    metrics.found(told);
    const { kind, id, orderId, what, advice, mended } = told;
    if (mended) {
      log.warn({ kind, id, orderId, what }, 'something was left by a crash, and is mended');
      return;
    }
    if (toldUntil.size >= TOLD_MOST) toldUntil.clear();
    toldUntil.set(name, performance.now() + INTERVALS.reconcileBooksEveryMs);
    log.error({ kind, id, orderId, what, advice }, 'something is not as it must be, and cannot be mended by itself');
  }

  /** What fails in one part is no reason to leave the others alone. */
  async function part(name: string, againMs: number, run: () => Promise<{ told: readonly Told[]; ended: boolean }>) {
    if ((turns.get(name) ?? 0) > performance.now()) return;
    try {
      const { told, ended } = await run();
      for (const one of told) tell(one);
      if (ended) turns.set(name, performance.now() + againMs);
    } catch (error) {
      metrics.failed();
      log.warn({ err: error, part: name }, 'a part could not be reconciled, trying again');
    }
  }

  async function round(until: AbortSignal): Promise<void> {
    const whole = async (run: () => Promise<readonly Told[]>) => ({ told: await run(), ended: true });
    const parts: readonly (() => Promise<void>)[] = [
      () => part('holds', core.graceMs, () => reconciler.holds(core)),
      () => part('orders', core.graceMs, () => reconciler.orders(core)),
      () => part('refunds', core.graceMs, () => whole(() => reconciler.refunds(core))),
      () => part('reservations', core.graceMs, () => whole(() => reconciler.reservations(core))),
      () => part('books', INTERVALS.reconcileBooksEveryMs, () => whole(() => reconciler.books(core))),
    ];
    for (const run of parts) if (!until.aborted) await run();
  }

  return repeatLed({
    ...{ leadership, everyMs },
    leads: (isLeader) => metrics.leads(isLeader),
    look: round,
    failed(error) {
      metrics.failed();
      log.warn({ err: error }, 'a round of reconciliation failed');
    },
    resignFailed: () => metrics.failed(),
  });
}
