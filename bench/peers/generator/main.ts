/** The generator of all contenders: shoppers over keep-alive connections, as fast as they are answered or at a steady rate. */
import { setTimeout as delay } from 'node:timers/promises';
import { joinCrew } from '../../crew/member.ts';
import { runWhenDue } from '../../store/generator/open-loop.ts';
import { type Claims, openClaims } from './claims.ts';
import type { GeneratorOrder, GeneratorReport, Load } from './notes.ts';
import { createTally, type Tally } from './tally.ts';

type Tell = (report: GeneratorReport) => void;
const MS_PER_SECOND = 1_000;

joinCrew<GeneratorOrder, GeneratorReport>(async ({ next, report }) => {
  let claims: Claims | undefined;
  for (;;) {
    const order = await next();
    if (order.t === 'enter') {
      claims?.close();
      claims = await openClaims(order.counter, order.connections);
      report({ t: 'entered' });
      continue;
    }
    if (order.t !== 'ask' || claims === undefined) throw new Error('Shoppers enter, and then they ask.');
    const { load } = order;
    const tally = createTally();
    if (load.movesAt !== null) claims.moveTo(next().then(portOf));
    if (load.asks !== null) await askSoOften(claims, tally, load.asks, load.movesAt, report);
    else if (load.perSecond === null) await askInTurn(claims, tally, load, report);
    else await askWhenDue(claims, tally, load.perSecond, load, report);
    report({ t: 'asked', asked: tally.result() });
  }
});

function portOf(order: GeneratorOrder): number {
  if (order.t !== 'moved') throw new Error('It was to be told where to go on.');
  return order.port;
}

async function askSoOften(
  claims: Claims,
  tally: Tally,
  asks: number,
  movesAt: number | null,
  tell: Tell,
): Promise<void> {
  let [left, hasTold] = [asks, movesAt === null];
  await Promise.all(
    claims.seats.map(async (seat) => {
      while (left > 0) {
        left -= 1;
        await claims.claim(seat, performance.now(), tally);
        if (hasTold || tally.wins < (movesAt ?? 0)) continue;
        hasTold = true;
        tell({ t: 'move' });
      }
    }),
  );
}

async function askInTurn(claims: Claims, tally: Tally, { warmUpMs, measureMs }: Load, tell: Tell): Promise<void> {
  let isOver = false;
  const asking = Promise.all(
    claims.seats.map(async (seat) => {
      while (!isOver) await claims.claim(seat, performance.now(), tally);
    }),
  );
  const measuring = (async () => {
    await delay(warmUpMs);
    tally.startMeasuring();
    tell({ t: 'measuring' });
    await delay(measureMs);
    tally.stopMeasuring();
    tell({ t: 'measured' });
    isOver = true;
  })();
  // Whichever fails is told at once.
  await Promise.all([asking, measuring]);
}

async function askWhenDue(
  claims: Claims,
  tally: Tally,
  perSecond: number,
  { warmUpMs, measureMs }: Load,
  tell: Tell,
): Promise<void> {
  const jobs = claims.seats.map((seat) => (dueMs: number) => claims.claim(seat, dueMs, tally));
  await runWhenDue({ perSecond, seconds: warmUpMs / MS_PER_SECOND }, jobs);
  tally.startMeasuring();
  tell({ t: 'measuring' });
  await runWhenDue({ perSecond, seconds: measureMs / MS_PER_SECOND }, jobs);
  tally.stopMeasuring();
  tell({ t: 'measured' });
}
