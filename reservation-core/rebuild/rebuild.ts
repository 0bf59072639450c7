/**
 * Puts regions back that have lost their data. They answer PAUSED from their loss until the last step here, which publishes
 * their terms; a rebuild that stops anywhere before is simply done again from the start.
 */
import type { DropDefinition } from '../../contracts/drop.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { stockRebuild } from '../generated/stock-rebuild.ts';
import { stockRebuildBegin } from '../generated/stock-rebuild-begin.ts';
import { stockRebuildEnd } from '../generated/stock-rebuild-end.ts';
import { stockRebuildTransfers } from '../generated/stock-rebuild-transfers.ts';
import type { Keys } from '../keys.ts';
import { requireRegion, type Shards } from '../shards.ts';
import { regionTermsOf } from '../terms.ts';
import { fenceOff } from './fence.ts';
import { movementsOf, readJournals, sameMovements } from './journals.ts';
import type { KnownClaim, Units } from './known.ts';
import { planRebuild, type RegionPlan } from './plan.ts';

export interface RebuildOptions {
  readonly shards: Shards;
  readonly keys: Keys;
  readonly drop: DropDefinition;
  readonly lost: readonly string[];
  /** All claims of the lost regions that anybody knows. */
  readonly claims: readonly KnownClaim[];
  /** A new UUIDv7 for each try: it fences off a rebuild that runs at the same time, and what was sent before the loss. */
  readonly rebuildId: string;
  readonly nowMs: number;
  onProgress?(region: string, claims: number): void;
}

export type RebuildResult =
  | { readonly reply: 'REBUILT'; readonly regions: readonly RegionPlan[] }
  /** Nothing was opened, because units went to or came from what is lost; the next try finds them. */
  | { readonly reply: 'MOVED_MEANWHILE' }
  /** Nothing was opened. The problems are for an operator; the same try can be made again. */
  | { readonly reply: 'REFUSED'; readonly problems: readonly string[] };

export async function rebuildRegions(options: RebuildOptions): Promise<RebuildResult> {
  const { shards, keys, drop, lost, claims, nowMs } = options;
  const survivors = shards.regions.filter((region) => !lost.includes(region));
  const journals = await readJournals(shards, keys, drop.id, survivors);
  const plan = planRebuild({ given: givenOf(drop), lost, claims, journals: movementsOf(journals), nowMs });
  if (!plan.ok) return { reply: 'REFUSED', problems: plan.problems };

  for (const region of plan.regions) {
    const problem = await begin(options, region);
    if (problem !== undefined) return refused(region, problem);
  }
  const unfenced = await fenceOff(options, journals);
  if (unfenced !== undefined) return { reply: 'REFUSED', problems: [unfenced] };
  for (const region of plan.regions) {
    const problem = await restore(options, region);
    if (problem !== undefined) return refused(region, problem);
  }
  // Units that were sent to a lost region, or arrived from one, since the plan was made would be there twice or not at all.
  const now = await readJournals(shards, keys, drop.id, survivors);
  if (!sameMovements(journals, now, lost)) {
    return { reply: 'MOVED_MEANWHILE' };
  }
  for (const region of plan.regions) {
    const problem = await end(options, region);
    if (problem !== undefined) return refused(region, problem);
  }
  return { reply: 'REBUILT', regions: plan.regions };
}

export function givenOf(drop: DropDefinition): Units {
  const given = new Map<string, Map<string, number>>();
  for (const { sku, allocation } of drop.skus) {
    for (const [region, units] of Object.entries(allocation)) {
      const known = given.get(region) ?? new Map<string, number>();
      given.set(region, known.set(sku, units));
    }
  }
  return given;
}

async function begin(options: RebuildOptions, plan: RegionPlan): Promise<string | undefined> {
  const { scripts, at, rebuildId } = shardOf(options, plan.region);
  const rows = [...plan.allocated].map(([sku, units]) => ({ sku, units }));
  const answer = await stockRebuildBegin(scripts, at, { rebuildId }, rows);
  switch (answer.reply) {
    case 'BEGUN':
      return undefined;
    case 'LIVE':
      return 'it has its terms, so it has not lost its data';
    case 'UNRELAYED':
      return `${answer.entries} entries of its outbox are not in Kafka yet: the relay has to run first`;
  }
}

async function restore(options: RebuildOptions, plan: RegionPlan): Promise<string | undefined> {
  const { scripts, at, rebuildId } = shardOf(options, plan.region);
  for (const batch of batches(plan.transfers)) {
    const rows = batch.map(({ transferId, direction, sku, units, other }) => {
      return { transferId, direction, sku, units, region: other };
    });
    const answers = await stockRebuildTransfers(scripts, at, { rebuildId }, rows);
    const problem = firstProblem(answers, (index) => `transfer ${batch[index]?.transferId}`);
    if (problem !== undefined) return problem;
  }
  let restored = 0;
  for (const batch of batches(plan.claims)) {
    const answers = await stockRebuild(scripts, at, { rebuildId }, batch);
    const problem = firstProblem(answers, (index) => `claim ${batch[index]?.claimId}`);
    if (problem !== undefined) return problem;
    restored += batch.length;
    options.onProgress?.(plan.region, restored);
  }
  return undefined;
}

async function end(options: RebuildOptions, plan: RegionPlan): Promise<string | undefined> {
  const { scripts, at, rebuildId } = shardOf(options, plan.region);
  const expected = { claims: plan.claims.length, transfers: plan.transfers.length };
  const args = { rebuildId, revision: options.drop.revision, ...expected };
  const answer = await stockRebuildEnd(scripts, at, args, regionTermsOf(options.drop));
  switch (answer.reply) {
    case 'PUBLISHED':
      return undefined;
    case 'LIVE':
    case 'SUPERSEDED':
      return 'another rebuild runs at the same time';
    case 'INCOMPLETE':
      return `it has ${answer.claims} of ${expected.claims} claims, ${answer.transfers} of ${expected.transfers} transfers`;
  }
}

function shardOf({ shards, keys, drop, rebuildId }: RebuildOptions, region: string) {
  return { scripts: requireRegion(shards, region).scripts, at: keys.stock(drop.id, region), rebuildId };
}

interface RestoreAnswer {
  readonly reply: 'RESTORED' | 'REPLAYED' | 'LIVE' | 'SUPERSEDED' | 'UNKNOWN_SKU' | 'SHORT';
}

function firstProblem(answers: readonly RestoreAnswer[], what: (index: number) => string): string | undefined {
  const index = answers.findIndex(({ reply }) => reply !== 'RESTORED' && reply !== 'REPLAYED');
  return index === -1 ? undefined : `${what(index)} was refused: ${answers[index]?.reply}`;
}

function refused({ region }: RegionPlan, problem: string): RebuildResult {
  return { reply: 'REFUSED', problems: [`${region}: ${problem}`] };
}

function batches<T>(rows: readonly T[]): T[][] {
  const count = Math.ceil(rows.length / LIMITS.rebuildBatch);
  return Array.from({ length: count }, (_, at) => rows.slice(at * LIMITS.rebuildBatch, (at + 1) * LIMITS.rebuildBatch));
}
