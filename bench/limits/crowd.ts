/** The bare waiting room: once, since it takes longer than all the rest. */
import { type CrowdRun, runCrowd } from '../line/crowd-run.ts';
import { openBareLineStage } from '../line/stage.ts';
import type { Figures } from '../report/figures.ts';
import { round } from '../report/statistics.ts';
import type { BenchContext } from '../scenario.ts';

const SOCKETS = { whole: 10_000, quick: 2_000 } as const;
const EDGES = 2;
const MOVES = { whole: 2, quick: 1 } as const;
const SECONDS_BETWEEN_MOVES = { whole: 2, quick: 1 } as const;
const SETTLE_MS = 1_000;

export const socketsOf = ({ quick }: BenchContext): number => SOCKETS[quick ? 'quick' : 'whole'];

export async function measureCrowd(context: BenchContext): Promise<CrowdRun> {
  const { signal, quick } = context;
  const size = quick ? 'quick' : 'whole';
  const secondsBetweenMoves = SECONDS_BETWEEN_MOVES[size];
  const stage = await openBareLineStage({ edges: EDGES, moves: MOVES[size], secondsBetweenMoves, signal });
  try {
    const asked = { sockets: socketsOf(context), settleMs: SETTLE_MS };
    return await runCrowd(context, stage, asked, 'bare waiting room');
  } finally {
    await stage.close();
  }
}

export function waitingFigures(crowd: CrowdRun): Figures {
  return {
    bareBytesPerSocket: round(crowd.bytesPerSocket),
    bareJoinsPerSecond: round(crowd.joinsPerSecond),
    bareHeadMoveP99Ms: crowd.headMoves.p99Ms,
  };
}
