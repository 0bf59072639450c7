/** How the edge's cost for a claim goes with the number of sockets, at one and the same rate of claims. */
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import type { BenchContext } from '../scenario.ts';
import { edgeUs } from './figures.ts';
import { type EdgeRun, type EdgeRunSettings, runEdge } from './run.ts';

export interface SocketCurve {
  readonly points: readonly Figures[];
  readonly runs: readonly EdgeRun[];
}

const SOCKETS = [100, 1_000, 10_000];
/** A hundred sockets may not say more: each has a limit of frames in a second. */
const PER_SECOND = 8_000;
/** With fewer, each would say more in a second than one socket may as soon as it waits for nothing but its answer. */
const FEWEST_AT_FULL = 1_000;
const MOST_SECONDS = 3;

export async function measureSockets(
  context: BenchContext,
  base: Omit<EdgeRunSettings, 'side'>,
  most: number,
): Promise<SocketCurve> {
  const points: Figures[] = [];
  const runs: EdgeRun[] = [];
  const perSecond = Math.min(PER_SECOND, most);
  const asked = { ...base, side: 'ours', seconds: Math.min(base.seconds, MOST_SECONDS) } as const;
  for (const sockets of SOCKETS) {
    context.progress(`curve: ${sockets.toLocaleString('en-US')} sockets`);
    const steady = await runEdge(context, { ...asked, sockets, perSecond });
    runs.push(steady);
    const full = sockets >= FEWEST_AT_FULL ? await runEdge(context, { ...asked, sockets }) : undefined;
    if (full !== undefined) runs.push(full);
    points.push({
      sockets,
      'claims/s': perSecond,
      'edge us/claim': round(edgeUs(steady), 1),
      'p50 ms': round(steady.p50Ms, 2),
      'p99 ms': round(steady.p99Ms, 2),
      'at full decisions/s': full === undefined ? null : round(full.decisionsPerSecond),
      'at full edge us/claim': full === undefined ? null : round(edgeUs(full), 1),
    });
  }
  return { points, runs };
}
