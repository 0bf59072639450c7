/** How the rate changes with the claims that wait, the partitions and the regions they are divided into, and the orders already there. */
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import type { BenchContext } from '../scenario.ts';
import { usOf } from './figures.ts';
import { regionsNamed } from './regions.ts';
import { type ChainRun, runChain } from './run.ts';
import type { OrderServers } from './servers.ts';

/** ×1 ×10 ×100. */
const CLAIMS = [2_000, 20_000, 200_000];
/** 64 is the most that an installation may have. */
const REGIONS = [1, 8, 64];
const PARTITIONS = [1, 2, 4, 8];
const OTHERWISE = { claims: 50_000, partitions: 8 };

export interface OrderCurves {
  readonly curves: Readonly<Record<'claims' | 'partitions' | 'regions', readonly Figures[]>>;
  readonly runs: readonly ChainRun[];
}

export async function measureCurves(context: BenchContext, servers: OrderServers): Promise<OrderCurves> {
  const runs: ChainRun[] = [];
  const [claims, partitions, regions]: [Figures[], Figures[], Figures[]] = [[], [], []];
  for (const many of CLAIMS) {
    context.progress(`curve: ${many} claims`);
    claims.push({ claims: many, ...(await point({ ...OTHERWISE, claims: many })) });
  }
  for (const many of PARTITIONS) {
    context.progress(`curve: ${many} partitions`);
    partitions.push({ partitions: many, ...(await point({ ...OTHERWISE, partitions: many })) });
  }
  for (const many of REGIONS) {
    context.progress(`curve: ${many} regions`);
    regions.push({ regions: many, ...(await point({ ...OTHERWISE, regions: regionsNamed(many) })) });
  }
  return { curves: { claims, partitions, regions }, runs };

  async function point(asked: typeof OTHERWISE & { readonly regions?: readonly string[] }): Promise<Figures> {
    const run = await runChain(context, servers, { ...asked, side: 'ours' });
    runs.push(run);
    return { 'orders/s': round(run.ordersPerSecond), ...usOf(run.cpu, run.claims) };
  }
}
