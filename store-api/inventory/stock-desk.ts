/**
 * Reservations of all shoppers of this process, those that arrive meanwhile together in the next transaction: one lock of
 * a hot shelf and one write to the disk for all of them, eleven times as many a second as one by one
 * (docs/decisions/0007-reservations-in-batches.md).
 *
 * To be called with no transaction open: what is reserved is durable when the answer comes. Who then fails to write what
 * it was reserved for gives it back, or leaves it to the end of the reservation.
 */
import { LIMITS } from '../../contracts/limits.ts';
import { reserveStock, type StockRequest } from '../../db/queries/stock/reserve-stock.ts';
import { isRefusedData } from '../../db/refused-data.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import { createBatcher } from '../../reservation-core/batcher.ts';
import { Refusal } from '../plugins/problems.ts';

export interface StockDesk {
  /** False when there is not enough for all of its parts. Rejects with BUSY when too many wait. */
  reserve(request: StockRequest): Promise<boolean>;
}

type Outcome = { readonly isReserved: boolean } | { readonly error: unknown };

export function createStockDesk({
  database,
  clock,
}: {
  readonly database: Database;
  readonly clock: Clock;
}): StockDesk {
  const reserveAll = (requests: readonly StockRequest[]): Promise<ReadonlySet<string>> =>
    withTransaction(database, (client) => reserveStock(client, requests));

  async function outcomesOf(requests: readonly StockRequest[]): Promise<Outcome[]> {
    try {
      const reserved = await reserveAll(requests);
      return requests.map(({ orderId }) => ({ isReserved: reserved.has(orderId) }));
    } catch (error) {
      // One that the database will never take must not spoil it for the others.
      if (!isRefusedData(error) || requests.length === 1) return requests.map(() => ({ error }));
      const alone: Outcome[] = [];
      for (const request of requests) alone.push(...(await outcomesOf([request])));
      return alone;
    }
  }

  const batcher = createBatcher<StockRequest, Outcome>({
    ...{ maxBatch: LIMITS.stockBatch, maxQueue: LIMITS.stockQueue, maxInFlight: LIMITS.stockBatchesInFlight },
    ...{ deadlineMs: LIMITS.stockDeadlineMs, retryAfterMs: LIMITS.stockDeadlineMs, clock },
    // A failure is an answer here: what may have been committed is not asked for again.
    call: outcomesOf,
    onFailedCall: () => undefined,
  });

  return {
    async reserve(request) {
      const answer = await batcher.submit(request);
      if (!answer.ok) throw new Refusal('BUSY', { detail: 'Too many are buying at this moment.' });
      if ('error' in answer.reply) throw answer.reply.error;
      return answer.reply.isReserved;
    },
  };
}
