/** A line that flows: who comes is told an interval, and it is noted whether the turn came within it. */
import { join } from 'node:path';
import { type Crew, startCrew } from '../../crew/crew.ts';
import type { Audit } from '../../report/audit.ts';
import type { BenchContext } from '../../scenario.ts';
import { auditLine } from '../audit.ts';
import { openLineStage } from '../stage.ts';
import { type Calibration, calibrate } from './calibration.ts';
import type { Visit, VisitOrder, VisitReport } from './notes.ts';

const PROGRAM = join(import.meta.dirname, 'main.ts');
const EDGES = 2;
const LOBBY_MS = 3_000;
const HOUR_MS = 3_600_000;
const ADMISSION = { perSecond: 150, maxActive: 200 } as const;
const PASS_SECONDS = 5;
const PEOPLE = { thinkMs: 2_000, idleShare: 0.2, leaverShare: 0.05 } as const;
/** About what the caps and these people let through in a second; the deadline is a multiple of it. */
const FLOW_PER_SECOND = 110;
const PATIENCE = 4;
const SHOPPERS_PER_SECOND_OF_RUN = 300;
/** Fewer would be let in at once, and nobody would wait. */
const LEAST_SHOPPERS = 1_500;
/** They come faster than the line lets them in. */
const ARRIVE_IN_SHARE_OF_FLOW = 0.25;
const MS_PER_SECOND = 1_000;

export interface EtaRun {
  readonly calibration: Calibration;
  readonly shoppers: number;
  readonly audit: Audit;
  readonly redisVersion: string;
}

export function etaShoppersIn(seconds: number): number {
  return Math.max(LEAST_SHOPPERS, Math.ceil(SHOPPERS_PER_SECOND_OF_RUN * seconds));
}

export async function runEta(context: BenchContext, kafka: string, shoppers: number): Promise<EtaRun> {
  const { folder, signal } = context;
  const flowMs = (shoppers / FLOW_PER_SECOND) * MS_PER_SECOND;
  const stage = await openLineStage({
    folder,
    kafka,
    edges: EDGES,
    moves: 0,
    secondsBetweenMoves: PASS_SECONDS,
    signal,
    drop: (nowMs) => ({ startsAt: nowMs + LOBBY_MS, endsAt: nowMs + HOUR_MS, admission: ADMISSION }),
  });
  const crew: Crew<VisitOrder, VisitReport> = startCrew({ program: PROGRAM, count: 1, signal });
  try {
    const visit: Visit = {
      ...stage.crowd,
      ...PEOPLE,
      generator: 0,
      ports: stage.edges.map(({ port }) => port),
      shoppers,
      arriveWithinMs: LOBBY_MS + flowMs * ARRIVE_IN_SHARE_OF_FLOW,
      deadlineMs: LOBBY_MS + PATIENCE * flowMs,
    };
    const visited = crew.reports('visited');
    crew.order(() => ({ t: 'visit', visit }));
    const reports = await visited;
    const waits = reports.flatMap((report) => [...report.waits]);
    const calibration = calibrate(waits);
    // Whoever leaves before the answer is there has no place to be given.
    const leftBefore = waits.filter(({ left, place }) => left && place === 0).length;
    const audit = auditLine({
      sockets: shoppers - leftBefore,
      places: waits.map(({ place }) => place).filter((place) => place > 0),
      called: waits.flatMap(({ place, calledAtMs }) => (calledAtMs === null ? [] : [{ place, atMs: calledAtMs }])),
      refused: reports[0]?.refused ?? {},
      socketsLost: reports[0]?.socketsLost ?? 0,
      missed: 0,
      neverAdmitted: calibration.neverAdmitted,
      perSecond: ADMISSION.perSecond,
    });
    return { calibration, shoppers, audit, redisVersion: stage.redisVersion };
  } finally {
    await crew.end();
    await stage.close();
  }
}
