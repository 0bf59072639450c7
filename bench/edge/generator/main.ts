/** One generator process: lets its shoppers be admitted, claims for a while, tells what it was answered. */
import { setTimeout as delay } from 'node:timers/promises';
import { joinCrew } from '../../crew/member.ts';
import { createAdmissions } from './crowd.ts';
import type { ClaimOrder, ClaimReport } from './notes.ts';
import { closedLoop, openLoop, type Pace, timetable } from './pace.ts';
import { createSeats, type Seats } from './seats.ts';

const SETTLE_DEADLINE_MS = 15_000;
const SOLD_OUT_DEADLINE_MS = 120_000;
const POLL_MS = 5;

joinCrew<ClaimOrder, ClaimReport>(async ({ next, report }) => {
  const entering = await next();
  if (entering.t !== 'enter') throw new Error('Shoppers enter first.');
  let started: Pace | undefined;
  const seats: Seats = createSeats(entering.crowd, createAdmissions(entering.crowd), (seat) => started?.free(seat));
  await seats.enter();
  report({ t: 'entered' });

  const order = await next();
  if (order.t !== 'claim') throw new Error('Then they claim.');
  const { perSecond, warmUpMs, measureMs, untilSoldOut } = order.load;
  const { tally, counts } = seats;
  const pace = perSecond === null ? closedLoop(() => seats) : openLoop(() => seats, timetable(perSecond, warmUpMs / 2));
  started = pace;
  tally.begin();
  pace.start();
  if (untilSoldOut && !(await until(() => seats.soldOut, SOLD_OUT_DEADLINE_MS))) {
    throw new Error('The stock was not gone in time: wins would be counted as refusals.');
  }
  await delay(warmUpMs);
  tally.startMeasuring();
  report({ t: 'measuring' });
  await delay(measureMs);
  tally.stopMeasuring();
  report({ t: 'measured' });
  pace.stop();
  await until(() => pace.waiting === 0 && seats.underWay === 0, SETTLE_DEADLINE_MS);
  seats.giveUp(pace.waiting);
  report({ t: 'done', result: { ...tally.result(), ...counts, mostWaiting: pace.mostWaiting } });
});

/** Whether it came to hold. */
async function until(holds: () => boolean, deadlineMs: number): Promise<boolean> {
  const deadline = performance.now() + deadlineMs;
  while (!holds() && performance.now() < deadline) await delay(POLL_MS);
  return holds();
}
