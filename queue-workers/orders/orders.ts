/**
 * From `claims.won` to rows: a batch of claims is one transaction, its offsets are committed after it. A claim that
 * comes again finds its order. A message that can never be written goes to the dead letters with its reason, the rest goes on.
 */

import type { VersionedModel } from '../../commerce/fraud/model.ts';
import { formatUuidV7, type IdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { type BlockedOrder, findBlockedOrders } from '../../db/queries/find-blocked-orders.ts';
import { type ClaimFact, findClaimFacts } from '../../db/queries/find-claim-facts.ts';
import { insertDropOrderColumns } from '../../db/queries/insert-drop-orders.ts';
import { isRefusedData } from '../../db/refused-data.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Publisher, ReceivedMessage } from '../../platform/connections/kafka.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { NO_TRACING, type Tracing } from '../../platform/tracing/tracing.ts';
import type { Holds } from '../../reservation-core/holds.ts';
import { type AssessedClaims, type Flagged, HOUR_MS } from './assess.ts';
import type { Assessor } from './assessor.ts';
import { releaseBlocked } from './blocked-holds.ts';
import { columnsOf } from './claim-columns.ts';
import { setAside } from './dead-letters.ts';
import { stepFlagged } from './flagged.ts';
import { type Claim, readClaims, type Unusable } from './read-claims.ts';

export interface OrdersOptions {
  readonly database: Database;
  /** For dead letters. */
  readonly publisher: Publisher;
  readonly topicPrefix: string;
  readonly assessor: Pick<Assessor, 'assess'>;
  /** What tells fraud besides the rules; without one they judge alone. */
  readonly model?: () => VersionedModel | undefined;
  readonly holds: Pick<Holds, 'release'>;
  readonly nextId: IdSource;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: OrdersMetrics;
  readonly tracing?: Tracing;
}

export interface OrdersMetrics {
  committed(batch: CommittedBatch): void;
  flagged(verdict: Flagged['verdict'], count: number): void;
  /** Holds of blocked orders that have to end by themselves. */
  unreleased(count: number): void;
  dead(): void;
}

export interface CommittedBatch {
  readonly claims: number;
  readonly written: number;
  /** The transaction alone. */
  readonly commitMs: number;
  /** Since the first claim of the batch was made. */
  readonly lagMs: number;
}

/** Rejects when the database or Kafka cannot be reached: the same messages come again. */
export async function writeOrders(messages: readonly ReceivedMessage[], options: OrdersOptions): Promise<void> {
  const { claims, unusable } = readClaims(messages);
  const facts = await factsAbout(claims, options.database);
  const refused = await write(claims, facts, options);
  await setAside('claims.won', [...unusable, ...refused], options);
}

/** Halves a batch that the database refuses until the claim that it refuses stands alone. */
async function write(
  claims: readonly Claim[],
  facts: readonly ClaimFact[],
  options: OrdersOptions,
): Promise<Unusable[]> {
  if (claims.length === 0) return [];
  const assessed = await options.assessor.assess({ claims: columnsOf(claims), facts, model: options.model?.() });
  let fresh: ReadonlySet<string>;
  try {
    fresh = await commit(claims, assessed, options);
  } catch (error) {
    if (!isRefusedData(error)) throw error;
    const [only, another] = claims;
    if (only !== undefined && another === undefined) {
      return [{ message: only.message, problem: 'REFUSED_BY_DATABASE', reason: error.message }];
    }
    const half = Math.ceil(claims.length / 2);
    const first = await write(claims.slice(0, half), facts, options);
    return [...first, ...(await write(claims.slice(half), facts, options))];
  }
  await releaseBlocked(await blockedOf(claims, assessed, fresh, options.database), options);
  return [];
}

async function commit(
  claims: readonly Claim[],
  assessed: AssessedClaims,
  { database, clock, nextId, metrics, tracing = NO_TRACING }: OrdersOptions,
): Promise<ReadonlySet<string>> {
  const startedAtMs = performance.now();
  const { fresh, flagged } = await withTransaction(database, async (client) => {
    const inserted = await insertDropOrderColumns(client, assessed.columns);
    const suspicious = onlyFresh(assessed.flagged, inserted);
    await stepFlagged(client, suspicious, { nowMs: clock.now(), nextId });
    return { fresh: inserted, flagged: suspicious };
  });
  const oldestMs = claims.reduce((oldest, { claimedAtMs }) => Math.min(oldest, claimedAtMs), Number.POSITIVE_INFINITY);
  metrics.committed({
    claims: claims.length,
    written: fresh.size,
    commitMs: performance.now() - startedAtMs,
    lagMs: Math.max(0, clock.now() - oldestMs),
  });
  const untilMs = clock.now();
  for (const orderId of fresh) {
    if (!tracing.follows(orderId)) continue;
    const fromMs = untilMs - (performance.now() - startedAtMs);
    tracing.step(orderId, 'order written', { fromMs, untilMs, facts: { claims: claims.length } });
  }
  for (const verdict of ['review', 'blocked'] as const) {
    metrics.flagged(verdict, flagged.filter((one) => one.verdict === verdict).length);
  }
  return fresh;
}

/** Those that were blocked now, and those of an earlier delivery, whose holds may still be there when that one broke off. */
async function blockedOf(
  claims: readonly Claim[],
  { flagged }: AssessedClaims,
  fresh: ReadonlySet<string>,
  database: Database,
): Promise<BlockedOrder[]> {
  const repeated = claims.map(({ claimId }) => claimId).filter((claimId) => !fresh.has(claimId));
  return [
    ...onlyFresh(flagged, fresh).filter(({ verdict }) => verdict === 'blocked'),
    ...(await findBlockedOrders(database, repeated)),
  ];
}

/** A claim that is there twice in a batch is judged twice. */
function onlyFresh(flagged: readonly Flagged[], fresh: ReadonlySet<string>): Flagged[] {
  const once = new Map(flagged.map((one) => [one.orderId, one]));
  return [...once.values()].filter(({ orderId }) => fresh.has(orderId));
}

const NO_RANDOM = new Uint8Array(10);
const ALL_RANDOM = new Uint8Array(10).fill(0xff);

async function factsAbout(claims: readonly Claim[], database: Database): Promise<ClaimFact[]> {
  const times = claims.map(({ claimedAtMs }) => claimedAtMs);
  if (times.length === 0) return [];
  return await findClaimFacts(database, {
    shopperIds: [...new Set(claims.map(({ shopperId }) => shopperId))],
    fromId: formatUuidV7(Math.max(0, Math.min(...times) - HOUR_MS), NO_RANDOM),
    toId: formatUuidV7(Math.max(...times), ALL_RANDOM),
    orders: LIMITS.ordersOfLastHour,
  });
}
