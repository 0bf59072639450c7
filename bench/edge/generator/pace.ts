/** When claims begin: each shopper after their last answer, or at a steady rate whatever is answered. */
import type { Seat, Seats } from './seats.ts';

export interface Pace {
  start(): void;
  /** A shopper has their answer. */
  free(seat: Seat): void;
  /** Nothing more is due from now on; what was due before begins all the same. */
  stop(): void;
  /** Due, and not begun. */
  readonly waiting: number;
  readonly mostWaiting: number;
}

export function closedLoop(seats: () => Seats): Pace {
  let going = false;
  return {
    start() {
      going = true;
      for (const seat of seats().all) seats().claim(seat, performance.now());
    },
    free(seat) {
      if (going) seats().claim(seat, performance.now());
    },
    stop() {
      going = false;
    },
    waiting: 0,
    mostWaiting: 0,
  };
}

const TICK_MS = 1;
const MS_PER_SECOND = 1_000;

/** Claims that are due after a time, and when each of them is. */
export interface Timetable {
  dueBy(ms: number): number;
  dueAtMs(claim: number): number;
}

/**
 * A steady rate after a ramp: a process that has just started and is not compiled yet would be left with a backlog, and
 * at half load that takes as long to go as it took to come.
 */
export function timetable(perSecond: number, rampMs: number): Timetable {
  const perMs = perSecond / MS_PER_SECOND;
  const inRamp = (perMs * rampMs) / 2;
  return {
    dueBy: (ms) => Math.floor(ms < rampMs ? (inRamp * ms * ms) / (rampMs * rampMs) : inRamp + perMs * (ms - rampMs)),
    dueAtMs: (claim) => (claim < inRamp ? rampMs * Math.sqrt(claim / inRamp) : rampMs + (claim - inRamp) / perMs),
  };
}

/**
 * An open loop: claims are due at their times, also while earlier ones are not answered. One that finds no free socket
 * waits here, and its latency counts from when it was due. So a slow second is not hidden by asking less in it
 * (coordinated omission), nor by ending while many wait.
 */
export function openLoop(seats: () => Pick<Seats, 'all' | 'claim'>, { dueBy, dueAtMs }: Timetable): Pace {
  const free: Seat[] = [];
  let [begun, freed] = [0, 0];
  let mostWaiting = 0;
  let fromMs = 0;
  let last = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const dueNow = (): number => Math.min(last, dueBy(performance.now() - fromMs));

  function beginDue(): void {
    const due = dueNow();
    while (begun < due && freed < free.length) {
      const seat = free[freed];
      freed += 1;
      begun += 1;
      if (seat !== undefined) seats().claim(seat, fromMs + dueAtMs(begun));
    }
    mostWaiting = Math.max(mostWaiting, due - begun);
    // In turn, so that the load is spread over all sockets; what was taken from the front is let go now and then.
    if (freed > seats().all.length) {
      free.splice(0, freed);
      freed = 0;
    }
    if (begun >= last) clearInterval(timer);
  }

  return {
    start() {
      free.push(...seats().all);
      fromMs = performance.now();
      timer = setInterval(beginDue, TICK_MS);
    },
    free(seat) {
      free.push(seat);
    },
    stop() {
      last = dueNow();
      beginDue();
    },
    get waiting() {
      return dueNow() - begun;
    },
    get mostWaiting() {
      return mostWaiting;
    },
  };
}
