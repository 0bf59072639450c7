/** So many clients who each ask for one unit after the other. */
import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { IdSource } from '../../../contracts/ids.ts';
import type { Database } from '../../../platform/connections/postgres.ts';
import { createLatencies, recordMs } from '../../crew/histograms.ts';
import { schemeNamed } from '../schemes/all.ts';
import { type Ask, type Asked, SLOT_MS } from './notes.ts';

const US_PER_MS = 1_000;
/** Ends a run whose questions are not answered. */
const LONGEST_SECONDS = 60;

export async function drive(ask: Ask, database: Database, nextId: IdSource): Promise<Asked> {
  const { goods, clients, seconds = LONGEST_SECONDS, questions = Number.MAX_SAFE_INTEGER } = ask;
  const desk = schemeNamed(ask.name).open();
  const took = createLatencies();
  const wonBySlot: number[] = [];
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1_000;
  let [asked, refused, won] = [0, 0, 0];

  async function client(): Promise<void> {
    while (asked < questions && performance.now() < endAt) {
      asked += 1;
      const from = performance.now();
      const isWon = await desk.reserve({ database, goods, orderId: nextId() });
      if (!isWon) {
        refused += 1;
        continue;
      }
      won += 1;
      const now = performance.now();
      recordMs(took, now - from);
      const slot = Math.floor((now - startedAt) / SLOT_MS);
      wonBySlot[slot] = (wonBySlot[slot] ?? 0) + 1;
    }
  }
  await Promise.all(Array.from({ length: clients }, () => client()));
  const lasted = (performance.now() - startedAt) / 1_000;
  const atMs = (percentile: number): number => (won === 0 ? 0 : took.getValueAtPercentile(percentile) / US_PER_MS);
  return {
    ...{ t: 'asked', won, refused, perSecond: won / lasted, p50Ms: atMs(50), p99Ms: atMs(99) },
    histogram: encodeIntoCompressedBase64(took),
    wonBySlot: Array.from(wonBySlot, (count) => count ?? 0),
  };
}
