/** limits: what this machine does with nothing of ours around. Each part is what one scenario is measured against. */
import { type Measured, measure } from '../core/measurements.ts';
import { type EdgeRun, runEdge } from '../edge/run.ts';
import { type CrowdRun, runCrowd } from '../line/crowd-run.ts';
import { openBareLineStage } from '../line/stage.ts';
import { measureFsyncMs } from '../machine/fsync-time.ts';
import { joinAudits } from '../report/audit.ts';
import type { Figures } from '../report/figures.ts';
import { median, round, spread } from '../report/statistics.ts';
import { tableOf } from '../report/table.ts';
import type { BenchContext, Scenario } from '../scenario.ts';

const ROUNDS = 3;
const CLAIM_SOCKETS = 1_000;
const WAITING_SOCKETS = 10_000;
const WAITING_EDGES = 2;
const MOVES = 2;
const SECONDS_BETWEEN_MOVES = 2;
const SETTLE_MS = 2_000;

export const limits: Scenario = {
  name: 'limits',
  about: 'the bare parts: fsync of this disk, the least Lua sale on Redis, the least edge and waiting room',
  async run(context) {
    context.progress('fsync time of this disk');
    const fsyncMs = round(await measureFsyncMs(context.folder), 3);
    const runs: Measured[] = [];
    for (let at = 1; at <= ROUNDS; at += 1) {
      context.progress(`bare claims, run ${at} of ${ROUNDS}`);
      runs.push(await measure(context, { driver: 'bare', seconds: context.seconds }));
    }
    const speeds = runs.map(({ claimsPerSecond }) => claimsPerSecond);
    const winning = await bareEdge(context, false);
    const soldOut = await bareEdge(context, true);
    const crowd = await bareCrowd(context);
    return {
      settings: { seconds: context.seconds, rounds: ROUNDS, sockets: CLAIM_SOCKETS, waiting: WAITING_SOCKETS },
      metrics: {},
      limits: {
        fsyncMs,
        bareClaimsPerSecond: round(median(speeds)),
        bareSpread: round(spread(speeds), 2),
        bareDecisionsPerSecond: round(winning.decisionsPerSecond),
        bareSoldOutPerSecond: round(soldOut.decisionsPerSecond),
        ...waitingFigures(crowd),
      },
      ratios: {},
      curves: {},
      samples: {},
      charts: [],
      audit: joinAudits([...runs, winning, soldOut, crowd].map(({ audit }) => audit)),
      servers: { redis: runs[0]?.redisVersion ?? 'unknown' },
      tables: [
        tableOf(
          'Runs',
          runs.map((run) => ({
            'claims/s': round(run.claimsPerSecond),
            'p50 ms': round(run.p50Ms, 2),
            'p99 ms': round(run.p99Ms, 2),
            'Redis cores': round(run.redis, 2),
            'generator cores': round(run.generators, 2),
          })),
        ),
      ],
      notes: [],
    };
  },
};

function bareEdge(context: BenchContext, soldOut: boolean): Promise<EdgeRun> {
  context.progress(soldOut ? 'bare edge, sold out' : 'bare edge, all winning');
  const { seconds } = context;
  return runEdge(context, { side: 'bare', kafka: '', seconds, sockets: CLAIM_SOCKETS, soldOut });
}

async function bareCrowd(context: BenchContext): Promise<CrowdRun> {
  const { folder, signal } = context;
  const stage = await openBareLineStage({
    folder,
    edges: WAITING_EDGES,
    moves: MOVES,
    secondsBetweenMoves: SECONDS_BETWEEN_MOVES,
    kafka: '',
    signal,
  });
  try {
    return await runCrowd(context, stage, { sockets: WAITING_SOCKETS, settleMs: SETTLE_MS }, 'bare waiting room');
  } finally {
    await stage.close();
  }
}

function waitingFigures(crowd: CrowdRun): Figures {
  return {
    bareBytesPerSocket: round(crowd.bytesPerSocket),
    bareJoinsPerSecond: round(crowd.joinsPerSecond),
    bareHeadMoveP99Ms: crowd.headMoves.p99Ms,
  };
}
