/** What the command does, on connections that it is given: tests call it as the command does. */
import { setTimeout as delay } from 'node:timers/promises';
import type { DropDefinition } from '../../contracts/drop.ts';
import type { IdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { topicName } from '../../contracts/topics.ts';
import { publishedDefinition } from '../../db/drop-rows.ts';
import { claimsOfDrop, type DropClaim } from '../../db/queries/claims-of-drop.ts';
import { findDrop } from '../../db/queries/find-drop.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Kafka } from '../../platform/connections/kafka.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Keys } from '../../reservation-core/keys.ts';
import { readLedgers } from '../../reservation-core/ledgers.ts';
import { homeIsLost, restoreHome } from '../../reservation-core/rebuild/home.ts';
import { movementsOf, readJournals } from '../../reservation-core/rebuild/journals.ts';
import { planRebuild } from '../../reservation-core/rebuild/plan.ts';
import { givenOf, rebuildRegions } from '../../reservation-core/rebuild/rebuild.ts';
import type { Shards } from '../../reservation-core/shards.ts';
import { brokenIdentities, ledgerTable } from './ledgers.ts';

export interface RebuildDropOptions {
  readonly database: Database;
  readonly kafka: Kafka;
  readonly topicPrefix: string;
  readonly shards: Shards;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly nextId: IdSource;
  readonly dropId: string;
  /** Those that have lost their terms, unless given. */
  readonly regions?: readonly string[];
  readonly dryRun: boolean;
  readonly waitMs: number;
  tell(line: string): void;
}

const WHY_ALL = 'what is lost can be told from what the other regions have only when all of them answer';

/** A reason not to go on that the operator can do something about. */
export class RebuildRefused extends Error {
  override readonly name = 'RebuildRefused';
}

export async function rebuildDrop(options: RebuildDropOptions): Promise<void> {
  const { shards, keys, dropId, tell, dryRun } = options;
  const drop = await definitionOf(options);
  const missing = shards.missing();
  if (missing.length > 0) throw new RebuildRefused(`The Redis of ${missing.join(', ')} cannot be reached: ${WHY_ALL}.`);
  const homeLost = await homeIsLost({ shards, keys }, dropId);
  const lost = options.regions ?? (await lostRegions(options, drop));
  const before = await readLedgers(shards, keys, dropId);
  tell(ledgerTable('Before', before));
  if (lost.length === 0 && !homeLost) {
    tell('Nothing of this drop is lost.');
    return refuseBroken(brokenIdentities(drop, before));
  }
  tell(`Lost: ${[...lost, ...(homeLost ? ['the line'] : [])].join(', ')}.`);

  await untilOrdersAreWritten(options);
  const { claims, regionOf } = await readClaims(options, lost);
  tell(`PostgreSQL knows ${claims.length} claims of what is lost.`);
  const nowMs = options.clock.now();
  if (dryRun) {
    await tellPlan(options, drop, lost, claims, nowMs);
    return;
  }
  if (lost.length > 0) await rebuildAll(options, drop, lost, claims, nowMs);
  if (homeLost) await restoreHome({ shards, keys, drop, regions: regionOf });
  const after = await readLedgers(shards, keys, dropId);
  tell(ledgerTable('After', after));
  refuseBroken(brokenIdentities(drop, after));
  tell('Every unit is accounted for.');
}

const TRIES = 5;
const POLL_MS = 500;

/** The other regions sell on meanwhile, and stock moves between them: what moved in between is found by the next try. */
async function rebuildAll(
  { shards, keys, nextId, tell }: RebuildDropOptions,
  drop: DropDefinition,
  lost: readonly string[],
  claims: readonly DropClaim[],
  nowMs: number,
): Promise<void> {
  for (let left = TRIES; left > 0; left -= 1) {
    const result = await rebuildRegions({ shards, keys, drop, lost, claims, rebuildId: nextId(), nowMs });
    if (result.reply === 'REBUILT') return;
    if (result.reply === 'REFUSED') throw new RebuildRefused(result.problems.join('\n'));
    tell('Units moved between regions meanwhile: once more.');
    await delay(POLL_MS);
  }
  throw new RebuildRefused(`Units moved between regions in each of ${TRIES} tries: stop the rebalance worker first.`);
}

async function definitionOf({ database, dropId }: RebuildDropOptions): Promise<DropDefinition> {
  const stored = await findDrop(database, dropId);
  const drop = stored === undefined ? undefined : publishedDefinition(stored);
  if (drop === undefined) throw new RebuildRefused(`PostgreSQL knows no drop ${dropId} that was published.`);
  return drop;
}

async function lostRegions({ shards, keys }: RebuildDropOptions, drop: DropDefinition): Promise<string[]> {
  const lost: string[] = [];
  for (const region of givenOf(drop).keys()) {
    const shard = shards.region(region);
    if (shard === undefined) throw new RebuildRefused(`The drop gave units to ${region}, which REGIONS does not have.`);
    if ((await shard.redis.exists(keys.stock(drop.id, region).terms)) === 0) lost.push(region);
  }
  return lost;
}

/** PostgreSQL has to know every claim that reached Kafka: one that it does not know would be sold a second time. */
async function untilOrdersAreWritten(options: RebuildDropOptions): Promise<void> {
  const { kafka, topicPrefix, waitMs, tell } = options;
  const topic = topicName(topicPrefix, 'claims.won');
  const deadlineMs = performance.now() + waitMs;
  for (;;) {
    const lag = await kafka.lag(`${topicPrefix}orders`, topic);
    if (lag === 0) return;
    if (performance.now() >= deadlineMs) {
      throw new RebuildRefused(`${lag} claims in Kafka are not orders yet: the orders worker has to run.`);
    }
    tell(`Waiting for ${lag} claims in Kafka to become orders.`);
    await delay(POLL_MS);
  }
}

async function readClaims(
  { database, dropId }: RebuildDropOptions,
  lost: readonly string[],
): Promise<{ claims: DropClaim[]; regionOf: ReadonlyMap<string, string> }> {
  const claims: DropClaim[] = [];
  const regionOf = new Map<string, string>();
  const client = await database.connect();
  try {
    for await (const page of claimsOfDrop(client, dropId, LIMITS.ordersBatch)) {
      for (const claim of page) {
        regionOf.set(claim.shopperId, claim.region);
        if (lost.includes(claim.region)) claims.push(claim);
      }
      if (regionOf.size > LIMITS.rebuildClaims || claims.length > LIMITS.rebuildClaims) {
        throw new RebuildRefused(`The drop has more than ${LIMITS.rebuildClaims} claims: name fewer --region at once.`);
      }
    }
  } finally {
    client.release();
  }
  return { claims, regionOf };
}

async function tellPlan(
  { shards, keys, tell }: RebuildDropOptions,
  drop: DropDefinition,
  lost: readonly string[],
  claims: readonly DropClaim[],
  nowMs: number,
): Promise<void> {
  const survivors = shards.regions.filter((region) => !lost.includes(region));
  const journals = await readJournals(shards, keys, drop.id, survivors);
  const plan = planRebuild({ given: givenOf(drop), lost, claims, journals: movementsOf(journals), nowMs });
  if (!plan.ok) throw new RebuildRefused(plan.problems.join('\n'));
  for (const { region, allocated, transfers, claims: back } of plan.regions) {
    const units = [...allocated.values()].reduce((sum, given) => sum + given, 0);
    tell(`${region} would get ${units} units, ${transfers.length} transfers and ${back.length} claims back.`);
  }
  tell('Nothing was changed.');
}

function refuseBroken(problems: readonly string[]): void {
  if (problems.length > 0) {
    const advice = 'The drop is on sale, but its ledger does not add up; pause it and look into it:';
    throw new RebuildRefused([advice, ...problems].join('\n'));
  }
}
