/**
 * One round for a drop: finishes the transfers that it finds open, then moves unsold units to where they are asked for.
 * It remembers nothing that must not be lost: whoever dies in the middle leaves a journal, and the next round, by
 * anybody, goes on from it. A region that does not answer, or has lost its data, neither gives nor gets.
 */
import { type DropDefinition, phaseOf, regionsOf } from '../../contracts/drop.ts';
import type { IdSource } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Keys } from '../keys.ts';
import type { Shards } from '../shards.ts';
import { createDemand } from './demand.ts';
import type { Journal } from './journal.ts';
import { PLAN_POLICY, type PlanPolicy, planMoves } from './plan.ts';
import { readJournal, readRegion } from './region-state.ts';
import { createSettlements, settlementsOf, unforgotten } from './settlement.ts';
import { transferIdFor } from './transfer-id.ts';
import type { Transfer, Transfers } from './transfers.ts';

export interface RebalancerOptions {
  readonly shards: Shards;
  readonly keys: Keys;
  readonly transfers: Transfers;
  readonly nextId: IdSource;
  readonly clock: Clock;
  readonly policy?: PlanPolicy;
}

export interface Failure {
  readonly what: string;
  readonly error: unknown;
}

export interface Round {
  /** Found open and finished. */
  readonly finished: Transfer[];
  readonly moved: Transfer[];
  /** Found open, and still so: a region that they need is not there. */
  readonly open: Transfer[];
  /** Regions that do not answer. */
  readonly gone: Failure[];
  /** Answer, and know nothing of the drop: their data was lost, or they were never given any. */
  readonly empty: string[];
  readonly failures: Failure[];
}

export interface Rebalancer {
  /** Steps under way are ended, no new one is begun, once `stopping` is aborted. */
  round(drop: DropDefinition, stopping: AbortSignal): Promise<Round>;
  /** What is remembered of the demand of all other drops is forgotten. */
  keepOnly(dropIds: ReadonlySet<string>): void;
}

type Journals = ReadonlyMap<string, Journal>;

const REFUSED = {
  STALE: 'its sender was rebuilt meanwhile, or the clock here is behind the ids of earlier transfers',
  KEY_REUSED: 'the id was used before, with other content',
} as const;

export function createRebalancer(options: RebalancerOptions): Rebalancer {
  const { shards, keys, transfers, nextId, clock, policy = PLAN_POLICY } = options;
  const demand = createDemand();
  const settlements = createSettlements({ shards, keys });

  /** The journals of regions that are there; what those without their data have open is known by nobody. */
  async function sweep(drop: DropDefinition, round: Round): Promise<Map<string, Journal>> {
    const looked = regionsOf(drop).map(async (region) => {
      return { region, ...(await readJournal({ shards, keys }, drop.id, region)) };
    });
    const ready = new Map<string, Journal>();
    for (const look of await Promise.all(looked)) {
      if (look.state === 'gone') round.gone.push({ what: look.region, error: look.error });
      else if (look.state === 'empty') round.empty.push(look.region);
      else ready.set(look.region, look.journal);
    }
    return ready;
  }

  /** A receiver without data gets nothing: units that come before its rebuild would be counted by it once more. */
  async function finishOpen(drop: DropDefinition, journals: Journals, stopping: AbortSignal, round: Round) {
    for (const transfer of [...journals.values()].flatMap(({ open }) => open)) {
      if (stopping.aborted || !journals.has(transfer.toRegion)) {
        round.open.push(transfer);
        continue;
      }
      try {
        await transfers.finish(drop.id, transfer);
        round.finished.push(transfer);
      } catch (error) {
        round.open.push(transfer);
        round.failures.push({ what: `finishing ${transfer.transferId}`, error });
      }
    }
  }

  /** What fails here is done by the next round: a journal that stays long for once does no harm. */
  async function shorten(drop: DropDefinition, journals: Journals, round: Round): Promise<void> {
    try {
      for (const settlement of unforgotten(journals)) await settlements.forget(drop.id, settlement);
      for (const settlement of settlementsOf(journals)) {
        const isSettled = await settlements.settle(drop.id, settlement);
        if (isSettled && journals.has(settlement.toRegion)) await settlements.forget(drop.id, settlement);
      }
    } catch (error) {
      round.failures.push({ what: 'settling transfers', error });
    }
  }

  /** Regions whose journal cannot be settled, because something in it never arrives, move nothing more. */
  function fitToMove(journals: Journals, round: Round): string[] {
    return [...journals].flatMap(([region, { entries }]) => {
      if (entries < LIMITS.transfersRemembered) return [region];
      const error = new Error(`${entries} transfers are remembered one by one`);
      round.failures.push({ what: `the journal of ${region}`, error });
      return [];
    });
  }

  function observe(drop: DropDefinition, region: string, sku: string, available: number, asked: number) {
    const seen = { atMs: clock.now(), asked, available };
    const demandPerSecond = demand.observe(`${drop.id} ${region} ${sku}`, seen, drop.startsAt);
    return { region, available, demandPerSecond };
  }

  async function plan(drop: DropDefinition, journals: Journals, round: Round): Promise<Transfer[]> {
    const ready = fitToMove(journals, round);
    const read = ready.map(async (region) => ({ region, seen: await readRegion({ shards, keys }, drop.id, region) }));
    const settled = await Promise.allSettled(read);
    const regions = settled.flatMap((result, at) => {
      if (result.status === 'fulfilled') return result.value;
      round.gone.push({ what: ready[at] ?? '', error: result.reason });
      return [];
    });
    return drop.skus.flatMap(({ sku }) => {
      const stocks = regions.flatMap(({ region, seen }) => {
        const ledger = seen.ledger.get(sku);
        return ledger === undefined ? [] : observe(drop, region, sku, ledger.available, seen.asked.get(sku) ?? 0);
      });
      return planMoves(stocks, policy).map((move) => {
        const mark = journals.get(move.fromRegion)?.marks.out.get(move.toRegion);
        return { transferId: transferIdFor(mark, nextId()), sku, ...move };
      });
    });
  }

  async function moveAll(drop: DropDefinition, planned: readonly Transfer[], stopping: AbortSignal, round: Round) {
    // A region that failed once in a round is left alone for the rest of it: nothing more is sent on its way to it.
    const failing = new Set<string>();
    for (const transfer of planned.slice(0, LIMITS.transfersPerRound)) {
      if (stopping.aborted) return;
      if (failing.has(transfer.fromRegion) || failing.has(transfer.toRegion)) continue;
      if (!(await moveOne(drop, transfer, round))) failing.add(transfer.fromRegion).add(transfer.toRegion);
    }
  }

  async function moveOne(drop: DropDefinition, transfer: Transfer, round: Round): Promise<boolean> {
    try {
      const result = await transfers.move(drop.id, transfer);
      if (result === 'MOVED') round.moved.push(transfer);
      // SHORT: shoppers were faster. The next round sees what is left.
      else if (result !== 'SHORT') throw new Error(REFUSED[result]);
      return true;
    } catch (error) {
      round.failures.push({ what: `moving ${transfer.transferId}`, error });
      return false;
    }
  }

  return {
    async round(drop, stopping) {
      const round: Round = { finished: [], moved: [], open: [], gone: [], empty: [], failures: [] };
      const journals = await sweep(drop, round);
      const closed = [...round.empty, ...round.gone.map(({ what }) => what)];
      demand.interrupt((key) => closed.some((region) => key.startsWith(`${drop.id} ${region} `)));
      await finishOpen(drop, journals, stopping, round);
      if (!stopping.aborted) await shorten(drop, journals, round);
      if (stopping.aborted || phaseOf(drop, clock.now()) !== 'live') return round;
      await moveAll(drop, await plan(drop, journals, round), stopping, round);
      return round;
    },
    keepOnly(dropIds) {
      demand.keepOnly((key) => dropIds.has(key.slice(0, key.indexOf(' '))));
    },
  };
}
