/** So many clients who each ask for one unit after the other. */
import type { IdSource } from '../../contracts/ids.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Goods, Scheme } from './schemes/scheme.ts';

export interface Load {
  readonly scheme: Scheme;
  readonly database: Database;
  readonly goods: Goods;
  readonly clients: number;
  readonly nextId: IdSource;
  readonly signal: AbortSignal;
  /** Where given, the run ends then; otherwise after so many questions. */
  readonly seconds?: number;
  readonly questions?: number;
}

export interface Driven {
  /** Units that clients were told they have. */
  readonly won: number;
  readonly refused: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export async function drive(load: Load): Promise<Driven> {
  const { scheme, database, goods, clients, nextId, signal, seconds = 60, questions = Number.MAX_SAFE_INTEGER } = load;
  const desk = scheme.open();
  const tookMs: number[] = [];
  const startedAt = performance.now();
  const endAt = startedAt + seconds * 1_000;
  let [asked, refused] = [0, 0];

  async function client(): Promise<void> {
    while (asked < questions && performance.now() < endAt && !signal.aborted) {
      asked += 1;
      const from = performance.now();
      const isWon = await desk.reserve({ database, goods, orderId: nextId() });
      if (isWon) tookMs.push(performance.now() - from);
      else refused += 1;
    }
  }
  await Promise.all(Array.from({ length: clients }, () => client()));
  signal.throwIfAborted();
  const lasted = (performance.now() - startedAt) / 1_000;
  const sorted = tookMs.sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { won: sorted.length, refused, perSecond: sorted.length / lasted, p50Ms: at(0.5), p99Ms: at(0.99) };
}
