/**
 * The ledger of one drop, from Redis, Kafka, PostgreSQL and the providers: what must be true of it, and what is. Reads
 * only. Tests, benches and campaigns call this; main.ts is the command.
 */
import type { PaymentProvider } from '../../commerce/payments/provider.ts';
import type { DropDefinition } from '../../contracts/drop.ts';
import { regionsOf } from '../../contracts/drop.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { publishedDefinition } from '../../db/drop-rows.ts';
import { auditWallets, repeatedClaims, shoppersOverLimit } from '../../db/queries/audited-drop.ts';
import { auditedOrders, knownOrders } from '../../db/queries/audited-orders.ts';
import { findDrop } from '../../db/queries/find-drop.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import { createHoldStates } from '../../reservation-core/hold-states.ts';
import { readLedgers } from '../../reservation-core/ledgers.ts';
import type { AuditCore, Look, RegionsOfDrop } from './audit-core.ts';
import type { BookedPayment, Claim, RegionHold } from './check-claim.ts';
import { checkStock } from './check-stock.ts';
import { deadLettersOf } from './dead-letters.ts';
import { readPipeline, untilDrained } from './pipeline.ts';
import { readBooks } from './read-books.ts';
import type { AuditReport } from './report.ts';
import { lookAgain } from './second-look.ts';
import { createTally, type Tally } from './tally.ts';
import { judge } from './verdict.ts';

export interface AuditOptions extends AuditCore {
  /** Whose books are read; none unless given. */
  readonly providers?: readonly PaymentProvider[];
  /** How long to wait until nothing is on its way any more; not at all unless given. */
  readonly waitMs?: number;
}

/** The operator asked for something that cannot be audited. */
export class AuditRefused extends Error {
  override readonly name = 'AuditRefused';
}

/** The provider's clock may be behind ours. */
const CLOCK_SKEW_MS = 300_000;

export async function auditDrop(options: AuditOptions): Promise<AuditReport> {
  const { shards, keys, dropId, database, providers } = options;
  const drop = await definitionOf(options);
  const before = await untilDrained(options, () => findRegions(options, drop), options.waitMs ?? 0);
  const regions = await findRegions(options, drop);
  const ledgersBefore = await readLedgers(shards, keys, dropId);
  const holds = await readHolds(options, regions);
  const sinceMs = Math.min(drop.lobbyOpensAt, drop.startsAt) - CLOCK_SKEW_MS;
  const books = providers === undefined ? undefined : await readBooks(providers, sinceMs);

  const tally = createTally();
  const look = { regions, books, asked: new Set(providers?.map(({ name }) => name)) };
  await tallyOrders(options, tally, holds, look);
  for (const hold of holds.values()) tally.addOrphan(hold);
  if (books !== undefined) await tallyCharges(options, tally, books);
  await lookAgain(options, tally, { ...look, providers: providers ?? [] });
  await tallyDrop(database, tally, drop);

  const ledgers = await readLedgers(shards, keys, dropId);
  await checkStock({ core: options, tally, drop, regions, before: ledgersBefore, ledgers });
  const letters = await deadLettersOf(options);
  tally.count('dead-letters', letters.open.length, 0);
  for (const id of letters.open) tally.differ({ identity: 'dead-letters', id, waitsFor: [] });
  const after = await readPipeline(options, regions);
  return judge({
    drop,
    unread: letters.more,
    tally,
    before,
    after,
    ledgers,
    regions,
    nowMs: options.clock.now(),
    asked: look.asked,
  });
}

async function definitionOf({ database, dropId }: AuditOptions): Promise<DropDefinition> {
  const stored = await findDrop(database, dropId);
  const drop = stored === undefined ? undefined : publishedDefinition(stored);
  if (drop === undefined) throw new AuditRefused(`PostgreSQL knows no drop ${dropId} that was published.`);
  return drop;
}

async function findRegions({ shards, keys }: AuditOptions, drop: DropDefinition): Promise<RegionsOfDrop> {
  const states = createHoldStates({ shards, keys });
  const gone = new Set(shards.missing());
  const known: string[] = [];
  for (const region of regionsOf(drop)) {
    if (shards.region(region) === undefined || gone.has(region)) continue;
    if (await states.isKnown(drop.id, region)) known.push(region);
  }
  return { known, missing: regionsOf(drop).filter((region) => !known.includes(region)) };
}

async function readHolds(options: AuditOptions, { known }: RegionsOfDrop): Promise<Map<string, RegionHold>> {
  const states = createHoldStates(options);
  const holds = new Map<string, RegionHold>();
  for (const region of known) {
    for await (const page of states.scan(options.dropId, region)) {
      for (const hold of page) holds.set(hold.claimId, { ...hold, region });
      if (holds.size > LIMITS.rebuildClaims) {
        throw new AuditRefused(
          `The drop has more than ${LIMITS.rebuildClaims} claims, which is what an audit can hold.`,
        );
      }
    }
  }
  return holds;
}

/** Takes each hold out that has its order: what is left has none. */
async function tallyOrders(
  options: AuditOptions,
  tally: Tally,
  holds: Map<string, RegionHold>,
  { regions, books, asked }: Look,
): Promise<void> {
  const client = await options.database.connect();
  const nowMs = options.clock.now();
  try {
    for await (const page of auditedOrders(client, options.dropId, LIMITS.ordersBatch)) {
      for (const order of page) {
        const hold: Claim['hold'] = regions.known.includes(order.region) ? holds.get(order.id) : 'not asked';
        tally.add({ order, hold, books, asked, nowMs });
        holds.delete(order.id);
      }
    }
  } finally {
    client.release();
  }
}

/** Captures for orders that nobody has. Those of other drops are in the same books. */
async function tallyCharges(
  { database }: AuditOptions,
  tally: Tally,
  books: ReadonlyMap<string, BookedPayment>,
): Promise<void> {
  const captured = [...books].filter(([, { captures, capturedMinor, refundedMinor }]) => {
    return captures > 0 && capturedMinor > refundedMinor;
  });
  for (let from = 0; from < captured.length; from += LIMITS.ordersBatch) {
    const page = captured.slice(from, from + LIMITS.ordersBatch);
    const known = await knownOrders(database, [...new Set(page.map(([, { orderId }]) => orderId))]);
    for (const [id, { orderId }] of page) {
      if (known.has(orderId)) continue;
      tally.count('charge-has-order', 1, 0);
      tally.differ({ identity: 'charge-has-order', id, waitsFor: [], harm: 'charged for nothing' });
    }
  }
}

async function tallyDrop(database: Database, tally: Tally, drop: DropDefinition): Promise<void> {
  const greedy = await shoppersOverLimit(database, drop.id, drop.perShopperLimit);
  tally.count('limit', greedy.length, 0);
  // A hold that has ended counts no longer in Redis, but does in an order that does not know it yet.
  for (const id of greedy) tally.differ({ identity: 'limit', id, waitsFor: ['outbox', 'released', 'payments'] });
  const repeated = await repeatedClaims(database, drop.id);
  const orders = Object.values(tally.orders).reduce((sum, state) => sum + state.orders, 0);
  tally.count('one-order-a-claim', orders, orders - repeated.length);
  for (const id of repeated) tally.differ({ identity: 'one-order-a-claim', id, waitsFor: [] });
  const wallets = await auditWallets(database, drop.id);
  tally.count('wallet-transfers', wallets.transfers, wallets.transfers - wallets.unbalanced.length);
  for (const id of wallets.unbalanced) tally.differ({ identity: 'wallet-transfers', id, waitsFor: [] });
  tally.count('wallet-balances', wallets.accounts, wallets.accounts - wallets.wrongBalances.length);
  for (const id of wallets.wrongBalances) tally.differ({ identity: 'wallet-balances', id, waitsFor: [] });
  tally.count('wallet-payments', wallets.wrongMoves.length, 0);
  for (const id of wallets.wrongMoves) tally.differ({ identity: 'wallet-payments', id, waitsFor: [] });
}
