/** When claims begin: each shopper after their last answer, or at a steady rate whatever is answered. */
import type { Seat, Seats } from './seats.ts';

export interface Pace {
  start(): void;
  /** A shopper has their answer. */
  free(seat: Seat): void;
  stop(): void;
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
 * (coordinated omission).
 */
export function openLoop(seats: () => Pick<Seats, 'all' | 'claim'>, { dueBy, dueAtMs }: Timetable): Pace {
  const free: Seat[] = [];
  let [begun, freed] = [0, 0];
  let mostWaiting = 0;
  let fromMs = 0;
  let timer: NodeJS.Timeout | undefined;

  function beginDue(): void {
    const due = dueBy(performance.now() - fromMs);
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
      clearInterval(timer);
    },
    get mostWaiting() {
      return mostWaiting;
    },
  };
}
