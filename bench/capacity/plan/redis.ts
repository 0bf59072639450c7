/**
 * Redis shards. One of them thinks on one core and waits for its disk once a turn of its loop, so its rate falls with the
 * time of an fsync: a claim takes `withoutDisk + perFsyncMs · fsync`, by two measured points.
 */
import { LIMITS } from '../../../contracts/limits.ts';
import type { Loads } from '../loads.ts';
import type { UnitCosts } from '../unit-costs.ts';
import { type PlanRow, type Remark, rowOf, shown } from './row.ts';

const US_PER_SECOND = 1_000_000;
const US_PER_MS = 1_000;
const BYTES_PER_GIB = 2 ** 30;
/** One for the commands, one for the child that writes the log anew and for the kernel. An assumption. */
export const CORES_OF_A_SHARD = 2;
/** Of the memory of a machine: the rest is for the child that rewrites the log, which copies what changes meanwhile. */
const MEMORY_SHARE = 0.5;

/** Claims a second that one shard does at most. */
export function shardRate(fsyncMs: number, { redis }: UnitCosts): number {
  const us = redis.claimUsWithoutDisk.value + redis.claimUsPerFsyncMs.value * fsyncMs;
  // A disk that is faster than any measured takes the wait away, not the work.
  return US_PER_SECOND / Math.max(us, redis.claimUs.value);
}

export function planHotShards(loads: Loads, costs: UnitCosts): PlanRow {
  const rate = loads.utilisation * shardRate(loads.fsyncMs, costs);
  return rowOf(
    'Redis shards for one hot drop',
    [{ what: `claims won at ${loads.fsyncMs} ms an fsync`, count: loads.hotUpdatesPerSecond / rate }],
    {
      perMachine: shardsPerMachine(loads),
      costs: [costs.redis.claimUsWithoutDisk, costs.redis.claimUsPerFsyncMs],
    },
  );
}

export function planShards(loads: Loads, costs: UnitCosts): PlanRow {
  const { redis } = costs;
  const rate = loads.utilisation * shardRate(loads.fsyncMs, costs);
  const kept = loads.ordersPerSecond * (loads.peakSeconds + loads.drainSeconds) * redis.bytesPerClaim.value;
  const places = loads.waitingShoppers * redis.bytesPerPlace.value;
  const memoryOfAShard = (MEMORY_SHARE * loads.memGiBPerMachine * BYTES_PER_GIB) / shardsPerMachine(loads);
  const hot = planHotShards(loads, costs).count;
  const spread = redis.spreadClaimUs;
  const primaries = rowOf(
    'Redis shards, all drops',
    [
      { what: `claims won at ${loads.fsyncMs} ms an fsync`, count: loads.ordersPerSecond / rate },
      ...(spread === undefined
        ? []
        : [
            {
              what: 'CPU of claims spread over many drops',
              count: (loads.ordersPerSecond * spread.value) / US_PER_SECOND / loads.utilisation,
            },
          ]),
      { what: 'memory of claims and places', count: (kept + places) / memoryOfAShard },
      { what: 'the hot drop alone', count: hot },
    ],
    {
      perMachine: shardsPerMachine(loads),
      costs: [
        ...[redis.claimUsWithoutDisk, redis.claimUsPerFsyncMs, redis.bytesPerClaim, redis.bytesPerPlace],
        ...(spread === undefined ? [] : [spread]),
      ],
    },
  );
  const copies = 1 + loads.replicas;
  // Copies that share a machine die together.
  return { ...primaries, machines: Math.max(copies, Math.ceil((primaries.count * copies) / shardsPerMachine(loads))) };
}

function shardsPerMachine({ coresPerMachine }: Loads): number {
  return Math.max(1, Math.floor(coresPerMachine / CORES_OF_A_SHARD));
}

/**
 * A turn of Redis's loop takes an fsync, each call that waits and each claim in them. Every edge may have some calls under
 * way to a shard: the more edges ask one shard, the longer its turns, and the fuller the batches that keep it from breaking.
 */
export function turnMs(
  given: { edges: number; claimsPerSecond: number; fsyncMs: number },
  { redis }: UnitCosts,
): number {
  const { edges, claimsPerSecond, fsyncMs } = given;
  const [call, claim] = [redis.callUs.value / US_PER_MS, redis.claimUs.value / US_PER_MS];
  const perMs = claimsPerSecond / US_PER_MS;
  const calm = fsyncMs / (1 - perMs * (call + claim));
  const most = edges * LIMITS.batchesInFlight;
  // So few claims in a turn that each is a call of its own: as many calls as claims.
  if (calm > 0 && calm * perMs <= most) return calm;
  return perMs * claim < 1 ? (fsyncMs + most * call) / (1 - perMs * claim) : Number.POSITIVE_INFINITY;
}

/** As many edges that a turn of a shard stays below `withinMs`. */
export function mostEdgesOnAShard(
  given: { withinMs: number; claimsPerSecond: number; fsyncMs: number },
  { redis }: UnitCosts,
): number {
  const { withinMs, claimsPerSecond, fsyncMs } = given;
  const free = withinMs * (1 - (claimsPerSecond / US_PER_SECOND) * redis.claimUs.value) - fsyncMs;
  const perEdge = (LIMITS.batchesInFlight * redis.callUs.value) / US_PER_MS;
  return perEdge > 0 ? Math.max(0, Math.floor(free / perEdge)) : Number.POSITIVE_INFINITY;
}

const GOOD_TURN_MS = 25;

export function remarkOnTurns(loads: Loads, costs: UnitCosts, edges: number): Remark {
  const { fsyncMs } = loads;
  const claimsPerSecond = loads.hotUpdatesPerSecond / planHotShards(loads, costs).count;
  const all = turnMs({ edges, claimsPerSecond, fsyncMs }, costs);
  const few = mostEdgesOnAShard({ withinMs: GOOD_TURN_MS, claimsPerSecond, fsyncMs }, costs);
  const advice =
    few > 0
      ? `Up to ${few} edges a shard it stays below ${GOOD_TURN_MS} ms: send the shoppers of one drop and region to few edges.`
      : `No number of edges keeps it below ${GOOD_TURN_MS} ms.`;
  return {
    about: 'edges on one shard',
    text: `With all ${edges.toLocaleString('en-US')} edges asking each shard of the hot drop, a turn of Redis takes ${shown(all)} ms, since each edge may have ${LIMITS.batchesInFlight} calls of ${shown(costs.redis.callUs.value)} µs under way. ${advice}`,
  };
}

/** A line lives on one shard, whatever its drop's stock is divided into. */
export function remarkOnTheHomeShard(loads: Loads, { redis }: UnitCosts): Remark[] {
  if (redis.joinUs === undefined || loads.waitingShoppers === 0) return [];
  const perSecond = (loads.utilisation * US_PER_SECOND) / redis.joinUs.value;
  const seconds = loads.waitingShoppers / perSecond;
  const enough = seconds <= loads.arrivalSeconds ? '' : `, more than the ${shown(loads.arrivalSeconds)} s asked for`;
  return [
    {
      about: 'the home shard of one line',
      text: `It takes ${shown(perSecond)} joins/s (${shown(redis.joinUs.value)} µs each). If all ${shown(loads.waitingShoppers)} wait for one drop, they need at least ${shown(seconds)} s to get into its line${enough}.`,
    },
  ];
}
