/**
 * One reader for each drop that somebody watches, however many they are: once a second it looks at the sale and tells
 * everybody. What each process reads is the same, so it does not matter which one a merchant is connected to.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { RATE_WINDOW_MS, type SaleSample, SELL_OUT_WINDOW_MS } from '../../../commerce/drops/pace.ts';
import { INTERVALS, LIMITS } from '../../../contracts/limits.ts';
import { publishedDefinition } from '../../../db/drop-rows.ts';
import { countOrdersByStatus, type OrderCount } from '../../../db/queries/drops/order-figures.ts';
import { findDrop } from '../../../db/queries/find-drop.ts';
import { readSale } from '../../../reservation-core/sale-view.ts';
import type { SaleCore, StoreServices } from '../../services.ts';
import { type LiveSnapshot, type Seen, sampleOf, snapshotOf } from './snapshot.ts';

export interface Watcher {
  told(snapshot: LiveSnapshot): void;
  /** The sale could not be looked at; the next look is in a second. */
  failed(error: unknown): void;
}

export interface Watches {
  /** Undefined where as many drops are watched as one process may. What was seen after `sinceMs` is told at once. */
  watch(dropId: string, watcher: Watcher, sinceMs: number | undefined): { stop(): void } | undefined;
  close(): void;
}

type Parts = Pick<StoreServices, 'database' | 'clock'> & { readonly sale: SaleCore };

/** A question to PostgreSQL may take up this part of the time. */
const QUERY_SHARE = 0.05;

export function createWatches(parts: Parts): Watches {
  const readers = new Map<string, ReturnType<typeof startReader>>();
  return {
    watch(dropId, watcher, sinceMs) {
      const known = readers.get(dropId);
      if (known === undefined && readers.size >= LIMITS.liveDrops) return undefined;
      const reader = known ?? startReader(parts, dropId);
      readers.set(dropId, reader);
      reader.add(watcher, sinceMs);
      return {
        stop() {
          if (reader.remove(watcher) > 0 || readers.get(dropId) !== reader) return;
          reader.stop();
          readers.delete(dropId);
        },
      };
    },
    close() {
      for (const reader of readers.values()) reader.stop();
      readers.clear();
    },
  };
}

function startReader({ database, clock, sale }: Parts, dropId: string) {
  const watchers = new Set<Watcher>();
  const stopping = new AbortController();
  let samples: SaleSample[] = [];
  let recent: LiveSnapshot[] = [];
  let orders: readonly OrderCount[] = [];
  let askOrdersAtMs = 0;

  async function look(): Promise<void> {
    const stored = await findDrop(database, dropId);
    const drop = stored === undefined ? undefined : publishedDefinition(stored);
    if (drop === undefined) throw new Error(`the drop ${dropId} is not there any more`);
    const [view, counted] = await Promise.all([readSale(sale, drop), countOrders()]);
    const seen: Seen = { drop, sale: view, orders: counted, atMs: clock.now() };
    samples = [...samples, sampleOf(seen)].filter(({ atMs }) => atMs >= seen.atMs - KEPT_MS);
    const snapshot = snapshotOf(seen, samples);
    recent = [...recent, snapshot].slice(-LIMITS.liveSnapshots);
    for (const watcher of watchers) watcher.told(snapshot);
  }

  /** The more orders there are, the less often they are counted. */
  async function countOrders(): Promise<readonly OrderCount[]> {
    const fromMs = performance.now();
    if (fromMs < askOrdersAtMs) return orders;
    orders = await countOrdersByStatus(database, dropId);
    const tookMs = performance.now() - fromMs;
    askOrdersAtMs = fromMs + tookMs / QUERY_SHARE;
    return orders;
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const fromMs = performance.now();
      await look().catch((error: unknown) => {
        for (const watcher of watchers) watcher.failed(error);
      });
      const restMs = Math.max(0, INTERVALS.liveEveryMs - (performance.now() - fromMs));
      await delay(restMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }

  void run();
  return {
    add(watcher: Watcher, sinceMs: number | undefined): void {
      watchers.add(watcher);
      const last = recent.slice(-1);
      const missed = sinceMs === undefined ? last : recent.filter(({ at }) => at > sinceMs);
      for (const snapshot of missed) watcher.told(snapshot);
    },
    /** Answers with how many are left. */
    remove(watcher: Watcher): number {
      watchers.delete(watcher);
      return watchers.size;
    },
    stop: () => stopping.abort(),
  };
}

const KEPT_MS = Math.max(RATE_WINDOW_MS, SELL_OUT_WINDOW_MS) + 1_000;
