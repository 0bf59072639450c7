/** What the store answered, as counts and latencies. */
import { encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';
import { createLatencies } from '../../crew/histograms.ts';
import type { Step } from './mix.ts';
import type { Shopped } from './notes.ts';

const BUSY = 503;
const MS_PER_SECOND = 1_000;
const US_PER_MS = 1_000;
const HIGHEST_US = 300_000_000;
const KEPT_CHARS = 300;

export interface ShopTally {
  session(): void;
  order(): void;
  /** As the store names it; nothing, and nothing was left out. */
  shed(names: string): void;
  answered(step: Step, tookMs: number, status: number, body: string): void;
  told(): Omit<Shopped, 't'>;
}

export function createShopTally(): ShopTally {
  const startMs = performance.now();
  const latencies = createLatencies();
  const byStep = new Map<Step, Histogram>();
  const worstBySecond: number[] = [];
  let [sessions, requests, busy, failed, orders] = [0, 0, 0, 0, 0];
  const shed: Record<string, number> = {};
  let failure: string | null = null;

  function took(step: Step, ms: number): void {
    const us = Math.min(HIGHEST_US, Math.max(1, Math.round(ms * US_PER_MS)));
    latencies.recordValue(us);
    const own = byStep.get(step) ?? createLatencies();
    own.recordValue(us);
    byStep.set(step, own);
    const second = Math.floor((performance.now() - startMs) / MS_PER_SECOND);
    while (worstBySecond.length <= second) worstBySecond.push(0);
    worstBySecond[second] = Math.max(worstBySecond[second] ?? 0, Math.round(ms));
  }

  return {
    session() {
      sessions += 1;
    },
    order() {
      orders += 1;
    },
    shed(names) {
      for (const name of names.split(/[ ,]+/).filter(Boolean)) shed[name] = (shed[name] ?? 0) + 1;
    },
    answered(step, tookMs, status, body) {
      requests += 1;
      took(step, tookMs);
      if (status === BUSY) busy += 1;
      else if (status < 200 || status >= 300) {
        failed += 1;
        failure ??= `${step} was answered ${status}: ${body.slice(0, KEPT_CHARS)}`;
      }
    },
    told: () => ({
      ...{ sessions, requests, busy, failed, failure, orders, worstBySecond, shed },
      latencies: encodeIntoCompressedBase64(latencies),
      byStep: Object.fromEntries([...byStep].map(([step, own]) => [step, encodeIntoCompressedBase64(own)])),
    }),
  };
}
