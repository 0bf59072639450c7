/** Edges: one core each, so as many as the work of the busiest moment fills to the utilisation asked for. */
import { LIMITS } from '../../../contracts/limits.ts';
import type { Loads } from '../loads.ts';
import type { UnitCosts } from '../unit-costs.ts';
import { type PlanRow, rowOf } from './row.ts';

const US_PER_SECOND = 1_000_000;
const BYTES_PER_GIB = 2 ** 30;
/** What a Node process with the product takes before anybody comes; not in the reports, seen when edges were started. */
export const BYTES_OF_A_PROCESS = 150 * 2 ** 20;

export function planEdges(loads: Loads, { edge }: UnitCosts): PlanRow {
  const { requestsPerSecond, ordersPerSecond, waitingShoppers, utilisation } = loads;
  const refused = requestsPerSecond - ordersPerSecond;
  const claims = (ordersPerSecond * edge.wonUs.value + refused * edge.refusedUs.value) / US_PER_SECOND;
  const waiting = waitingShoppers * edge.idleCoresPerSocket.value;
  const telling = (waitingShoppers * loads.tellsPerSecond * edge.tellUs.value) / US_PER_SECOND;
  const joining = ((waitingShoppers / loads.arrivalSeconds) * edge.joinUs.value) / US_PER_SECOND;
  const processesFor = (cores: number): number => processesWithOverhead(cores, utilisation, edge.idleCores.value);
  return rowOf(
    'edge processes',
    [
      {
        what: 'CPU of the rush: claims decided while the line is told',
        count: processesFor(claims + waiting + telling),
      },
      { what: 'CPU of the arrival: joins', count: processesFor(joining + waiting) },
      { what: 'sockets of a process', count: waitingShoppers / LIMITS.socketsPerEdge },
    ],
    {
      perMachine: edgesPerMachine(loads, edge),
      costs: [edge.wonUs, edge.refusedUs, edge.tellUs, edge.joinUs, edge.idleCores, edge.idleCoresPerSocket],
    },
  );
}

/** Each process spends some of its core on nobody in particular, which is gone before it carries anything. */
function processesWithOverhead(cores: number, utilisation: number, overheadCores: number): number {
  const usable = utilisation - overheadCores;
  return usable > 0 ? cores / usable : Number.POSITIVE_INFINITY;
}

/** By cores, and by memory where sockets are what fills it. */
function edgesPerMachine(loads: Loads, edge: UnitCosts['edge']): number {
  const full = BYTES_OF_A_PROCESS + edge.bytes.value + LIMITS.socketsPerEdge * edge.bytesPerSocket.value;
  const fit = Math.floor((loads.memGiBPerMachine * BYTES_PER_GIB * loads.utilisation) / full);
  return Math.max(1, Math.min(loads.coresPerMachine, fit));
}

/** Kept apart: what most of the work is decides where to look next. */
export function sharesOfTheRush(
  loads: Loads,
  { edge }: UnitCosts,
): Readonly<Record<'won' | 'refused' | 'told', number>> {
  const won = loads.ordersPerSecond * edge.wonUs.value;
  const refused = (loads.requestsPerSecond - loads.ordersPerSecond) * edge.refusedUs.value;
  const told = loads.waitingShoppers * loads.tellsPerSecond * edge.tellUs.value;
  const all = won + refused + told;
  return { won: won / all, refused: refused / all, told: told / all };
}
