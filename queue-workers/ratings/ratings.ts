/** Adds up what reviews, votes and orders have changed: batch after batch, each in one transaction with what it tells. */
import { encodeEvent } from '../../contracts/events/codec.ts';
import type { IdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { insertOutbox } from '../../db/queries/insert-outbox.ts';
import { type FoldedRatings, foldRatings, lockFold } from '../../db/queries/reviews/fold-ratings.ts';
import { foldSold } from '../../db/queries/reviews/fold-sold.ts';
import { foldVotes } from '../../db/queries/reviews/fold-votes.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { type Repeated, repeatWork } from '../repeat.ts';

export interface RatingsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly nextId: IdSource;
  readonly limit?: number;
}

export type RatingsWork = 'ratings' | 'votes' | 'sold';

/** How many changes of one kind were taken; none while another process is at it. */
export async function foldChanges(kind: RatingsWork, options: RatingsOptions): Promise<number> {
  const { database, limit = LIMITS.ratingsBatch } = options;
  return await withTransaction(database, async (client) => {
    if (!(await lockFold(client))) return 0;
    if (kind === 'votes') return await foldVotes(client, limit);
    if (kind === 'sold') return await foldSold(client, limit);
    const folded = await foldRatings(client, limit);
    await tellStale(client, folded, options);
    return folded.taken;
  });
}

/** An event has room for so many names. */
const PRODUCTS_PER_EVENT = 100;

/** The stores show these products from their caches, with the stars of before. */
async function tellStale(client: DatabaseClient, { products }: FoldedRatings, { clock, nextId }: RatingsOptions) {
  const chunks = Array.from({ length: Math.ceil(products.length / PRODUCTS_PER_EVENT) }, (_, at) =>
    products.slice(at * PRODUCTS_PER_EVENT, (at + 1) * PRODUCTS_PER_EVENT),
  );
  const events = chunks.map((chunk) => {
    const ids = chunk.flatMap(({ id, slug }) => [id, slug]);
    const head = { id: nextId(), at: clock.now() };
    const text = encodeEvent({ type: 'cache.invalidate', v: 1, ...head, data: { kind: 'product', ids } });
    return { topic: 'cache.invalidate', key: ids[0] ?? 'product', text };
  });
  await insertOutbox(client, events);
}

export interface RatingsLoop extends RatingsOptions {
  readonly log: Logger;
  readonly kinds: readonly RatingsWork[];
  readonly everyMs: number;
  readonly metrics: { done(work: RatingsWork, count: number): void; failed(work: RatingsWork): void };
}

export function startRatings(options: RatingsLoop): Repeated {
  const { everyMs, kinds, log, metrics } = options;
  return repeatWork({
    ...{ everyMs, kinds, most: options.limit ?? LIMITS.ratingsBatch },
    async work(kind) {
      const count = await foldChanges(kind, options);
      metrics.done(kind, count);
      return count;
    },
    failed(error, kind) {
      metrics.failed(kind);
      log.warn({ err: error, work: kind }, 'changes could not be added up, trying again');
    },
  });
}
