/** A plan: the parts and how many of each, what follows from them, and what nobody has measured. */
import type { Loads } from '../loads.ts';
import type { Reports } from '../reports.ts';
import type { UnitCosts } from '../unit-costs.ts';
import { BYTES_OF_A_PROCESS, planEdges, sharesOfTheRush } from './edges.ts';
import { planOrders, remarkOnTheHotDrop } from './orders.ts';
import {
  CORES_OF_A_SHARD,
  planHotShards,
  planShards,
  remarkOnTheHomeShard,
  remarkOnTurns,
  shardRate,
} from './redis.ts';
import { type PlanRow, type Remark, shown } from './row.ts';
import { planStore } from './store.ts';

export interface Plan {
  readonly loads: Loads;
  readonly rows: readonly PlanRow[];
  readonly machines: number;
  readonly remarks: readonly Remark[];
  /** What the plan supposes without a measurement. */
  readonly assumed: readonly string[];
  readonly measuredBy: readonly string[];
}

/** Its shards are among those of all drops. */
const COUNTED_ELSEWHERE = 'Redis shards for one hot drop';
const PERCENT = 100;

export function makePlan(loads: Loads, costs: UnitCosts, reports: Reports): Plan {
  const edges = planEdges(loads, costs);
  const hot = planHotShards(loads, costs);
  const rows = [
    edges,
    { ...hot, part: COUNTED_ELSEWHERE, machines: 0 },
    planShards(loads, costs),
    ...planOrders(loads, costs),
    ...planStore(loads, costs),
  ];
  return {
    loads,
    rows,
    machines: rows.reduce((sum, row) => sum + row.machines, 0),
    remarks: remarksOn(loads, costs, edges.count),
    assumed: assumedFor(loads),
    measuredBy: Object.values(reports).map(
      ({ scenario, at, commit, machine }) =>
        `${scenario}: commit ${commit}, ${at.slice(0, 10)}, ${machine.cores} cores of ${machine.cpu}, ${machine.memGiB} GiB`,
    ),
  };
}

function remarksOn(loads: Loads, costs: UnitCosts, edges: number): Remark[] {
  const { won, refused, told } = sharesOfTheRush(loads, costs);
  const percent = (share: number): string => `${Math.round(share * PERCENT)} %`;
  return [
    {
      about: 'what edges do in the rush',
      text: `${percent(refused)} refusing, ${percent(told)} telling those who wait where the head is, ${percent(won)} selling.`,
    },
    {
      about: 'one shard',
      text: `${shown(shardRate(loads.fsyncMs, costs))} claims/s at ${loads.fsyncMs} ms an fsync, of which ${percent(loads.utilisation)} are planned for.`,
    },
    remarkOnTurns(loads, costs, edges),
    ...remarkOnTheHomeShard(loads, costs),
    remarkOnTheHotDrop(loads, costs),
    {
      about: 'many PostgreSQL nodes',
      text: 'A deployment knows one PostgreSQL. Several nodes are several deployments with their own drops; Redis and Kafka can be shared between them (REDIS_PREFIX, KAFKA_TOPIC_PREFIX).',
    },
  ];
}

function assumedFor(loads: Loads): string[] {
  return [
    'All was measured on one machine, over loopback. Networks, their cards and delays between zones are in no figure; what is left free of each core has to carry them.',
    'Work is taken to grow with the number of processes and cores. One PostgreSQL is not: its second figure (CPU) is what it could be if it were.',
    `Copies of Redis and PostgreSQL are counted as machines, not as time: a commit that waits for a copy takes longer than the ${loads.fsyncMs} ms of its own disk.`,
    `A Redis shard takes ${CORES_OF_A_SHARD} cores, with a disk whose fsync stays at ${loads.fsyncMs} ms whoever else uses it. A Node process takes ${Math.round(BYTES_OF_A_PROCESS / 2 ** 20)} MiB before anybody comes.`,
    'Batches of claims are of one drop and region. Calls of many drops that wait together share the fsync of a turn: they are taken to cost no more of them than one drop does.',
    'Calls of edges to the home shard of a line (admissions ten times a second, leftovers four times) are not counted: nobody has measured them apart.',
    'What comes after an order (payments, its news, mails, sums of the day) is not counted.',
    'The mix of the store is an assumption (bench/capacity/loads.ts).',
  ];
}
