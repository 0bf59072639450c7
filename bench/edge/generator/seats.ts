/** What one place of the crowd is doing: at most one claim is under way on its socket. */
import { createTally, type Tally } from '../../core/generator/tally.ts';
import type { Answer } from './answer.ts';
import { type Admissions, eachBounded } from './crowd.ts';
import type { Crowd } from './notes.ts';
import type { Shopper } from './shopper.ts';

export interface Seat {
  readonly at: number;
  shopper: Shopper | undefined;
  /** The key that was asked for and is not answered. */
  key: string | undefined;
  /** When the claim was to begin: in an open loop that is before it could. */
  dueMs: number;
  tries: number;
  wins: number;
}

export interface Counts {
  unanswered: number;
  strange: number;
  socketsLost: number;
}

export interface Seats {
  readonly tally: Tally;
  readonly counts: Counts;
  readonly all: readonly Seat[];
  readonly underWay: number;
  /** Somebody was told so. */
  readonly soldOut: boolean;
  claim(seat: Seat, dueMs: number): void;
  enter(): Promise<void>;
  /** Gives up what is under way still, and what could not be begun: both count as unanswered. */
  giveUp(notBegun: number): void;
}

const AT_ONCE = 128;
const MOST_TRIES = 50;
const RETRY_MS = 100;
/** The same key may succeed later: asked again until it is decided, as docs/PROTOCOL.md says. */
const ASK_AGAIN = new Set(['BUSY', 'RATE_LIMITED', 'INTERNAL', 'PAUSED']);

export function createSeats(crowd: Crowd, admissions: Admissions, onFree: (seat: Seat) => void): Seats {
  const tally = createTally();
  const counts: Counts = { unanswered: 0, strange: 0, socketsLost: 0 };
  const all: Seat[] = Array.from({ length: crowd.sockets }, (_, at) => ({
    at,
    shopper: undefined,
    key: undefined,
    dueMs: 0,
    tries: 0,
    wins: 0,
  }));
  const run = `${crowd.generator}-${Date.now().toString(36)}`;
  let keys = 0;
  let underWay = 0;
  let soldOut = false;

  async function sitDown(seat: Seat): Promise<void> {
    seat.wins = 0;
    seat.shopper = await admissions.admit(seat.at, {
      answered: (answer) => answered(seat, answer),
      lost: () => lost(seat),
    });
  }

  function lost(seat: Seat): void {
    counts.socketsLost += 1;
    seat.shopper = undefined;
    if (seat.key === undefined) return;
    seat.key = undefined;
    underWay -= 1;
    counts.unanswered += 1;
  }

  function answered(seat: Seat, answer: Answer): void {
    if (answer.key !== seat.key) {
      counts.strange += 1;
      return;
    }
    if (answer.claimId === '' && ASK_AGAIN.has(answer.code) && seat.tries < MOST_TRIES) {
      tally.failedCall();
      askAgain(seat, answer.key, answer.retryAfterMs ?? RETRY_MS);
      return;
    }
    tally.took(performance.now() - seat.dueMs, 1);
    if (answer.claimId === '') {
      tally.refused(answer.code);
      if (answer.code === 'SOLD_OUT') soldOut = true;
    } else {
      seat.wins += 1;
      tally.won(answer.claimId);
    }
    seat.key = undefined;
    underWay -= 1;
    if (seat.wins < crowd.winsEach) onFree(seat);
    else replace(seat);
  }

  function askAgain(seat: Seat, key: string, afterMs: number): void {
    seat.tries += 1;
    setTimeout(() => {
      if (seat.key === key) seat.shopper?.claim(key);
    }, afterMs);
  }

  function replace(seat: Seat): void {
    seat.shopper?.close();
    sitDown(seat).then(
      () => onFree(seat),
      () => {
        counts.socketsLost += 1;
      },
    );
  }

  return {
    tally,
    counts,
    all,
    get underWay() {
      return underWay;
    },
    get soldOut() {
      return soldOut;
    },
    claim(seat, dueMs) {
      keys += 1;
      seat.key = `${run}-${keys}`;
      seat.dueMs = dueMs;
      seat.tries = 0;
      underWay += 1;
      seat.shopper?.claim(seat.key);
    },
    enter: () => eachBounded(crowd.sockets, AT_ONCE, (at) => sitDownAt(at)),
    giveUp(notBegun) {
      counts.unanswered += underWay + notBegun;
    },
  };

  async function sitDownAt(at: number): Promise<void> {
    const seat = all[at];
    if (seat !== undefined) await sitDown(seat);
  }
}
