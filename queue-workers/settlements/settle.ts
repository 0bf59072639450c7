/**
 * Divides each transfer of the money ledger among the merchants whose order it was for, with what the store keeps. Nothing
 * of it is on the way of a sale: it follows the ledger, and a transfer that is settled is not settled again.
 */
import { commissionAt, settledPart } from '../../commerce/settlement/fees.ts';
import { movementsOf, partsOfMerchants } from '../../commerce/settlement/movements.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import {
  findCommissions,
  findUnsettled,
  insertSettlements,
  lockSettling,
  type Settlement,
  type StoredCommission,
  settledRates,
  settledThrough,
  type UnsettledTransfer,
} from '../../db/queries/payouts/settle.ts';
import { moneyOfOrders } from '../../db/queries/settlement/money-of-orders.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Database, type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';

export interface Settling {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Settles a batch, and says how many transfers that was: a full one means that there may be more. */
export async function settle({ database, clock, log }: Settling): Promise<number> {
  return await withTransaction(database, async (client) => {
    await lockSettling(client);
    const nowMs = clock.now();
    const transfers = await findUnsettled(client, LIMITS.settledTransfers, LIFETIMES.settleLagMs);
    const { lines, strays } = await linesOf(client, transfers);
    if (strays.length > 0)
      log.error({ transfers: strays.slice(0, 10) }, 'transfers fit no order: they are no merchant’s');
    await insertSettlements(client, lines);
    // What is beyond the last one of a full batch is not settled yet.
    const isAll = transfers.length < LIMITS.settledTransfers;
    await settledThrough(client, isAll ? nowMs : (transfers.at(-1)?.atMs ?? nowMs));
    return transfers.length;
  });
}

async function linesOf(
  client: DatabaseClient,
  transfers: readonly UnsettledTransfer[],
): Promise<{ readonly lines: readonly Settlement[]; readonly strays: readonly string[] }> {
  const orderIds = [...new Set(transfers.map(({ orderId }) => orderId))];
  const orders = await moneyOfOrders(client, orderIds);
  const merchantIds = [...orders.values()].flatMap(({ lines }) => lines.flatMap(({ merchantId }) => merchantId ?? []));
  const commissions = await findCommissions(client, [...new Set(merchantIds)]);
  // A refund gives back the fee that was taken, whatever the commission has become.
  const rates = new Map(await settledRates(client, orderIds));
  const strays: string[] = [];
  const lines = transfers.flatMap((transfer): Settlement[] => {
    const money = orders.get(transfer.orderId);
    const movements = money === undefined ? [] : movementsOf(money);
    const movement = movements.find(({ id }) => id === transfer.id);
    const { id: transferId, ...about } = transfer;
    const storesOwn = { ...about, transferId, merchantId: null, basisPoints: 0, feeMinor: 0 };
    if (money === undefined || movement === undefined) {
      strays.push(transferId);
      return [storesOwn];
    }
    // An order is paid to its merchants once, also while what was taken twice could not be given back yet.
    if (movement.isSurplus) return [storesOwn];
    return [...partsOfMerchants(money.lines, movement).keys()].map((merchantId) => {
      const basisPoints = rateOf(rates, commissions, { ...transfer, merchantId });
      const part = settledPart({ lines: money.lines, movements }, movement, merchantId, basisPoints);
      return { ...about, transferId, merchantId, basisPoints, ...part };
    });
  });
  return { lines, strays };
}

/** That of the payment of the same order, which comes first; the store takes nothing of itself. */
function rateOf(
  rates: Map<string, number>,
  commissions: readonly StoredCommission[],
  { orderId, merchantId, atMs }: UnsettledTransfer & { readonly merchantId: string | null },
): number {
  if (merchantId === null) return 0;
  const key = `${orderId} ${merchantId}`;
  const rate = rates.get(key) ?? commissionAt(commissions, merchantId, atMs);
  rates.set(key, rate);
  return rate;
}
