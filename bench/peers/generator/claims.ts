/** Claims at a fixed number of desks: one under way at each, and one whose desk breaks is asked again at a new one. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Decision, Desk } from './desk.ts';
import { openHttpDesks } from './http-desk.ts';
import type { Counter } from './notes.ts';
import { openSocketDesks } from './socket-desk.ts';
import type { Tally } from './tally.ts';

export interface Claims {
  readonly seats: readonly Seat[];
  /** One claim, to its end. */
  claim(seat: Seat, dueMs: number, tally: Tally): Promise<void>;
  /** Where to go on when desks break; without it that is a failure. */
  moveTo(port: Promise<number>): void;
  close(): void;
}

interface Seat {
  readonly at: number;
  desk: Desk;
}

const MOST_TRIES = 50;
const RETRY_MS = 100;
/** The same key may succeed later, as docs/PROTOCOL.md says. */
const ASK_AGAIN = new Set(['BUSY', 'RATE_LIMITED', 'INTERNAL', 'PAUSED']);

export async function openClaims(counter: Counter, count: number): Promise<Claims> {
  const desks = await (counter.over === 'http' ? openHttpDesks : openSocketDesks)(counter, count);
  const seats = desks.all.map((desk, at): Seat => ({ at, desk }));
  const run = Date.now().toString(36);
  let asked = 0;
  let moved: Promise<number> | undefined;

  async function reopen(seat: Seat): Promise<void> {
    if (moved === undefined) throw new Error('A connection broke, and nobody had planned it.');
    seat.desk = await desks.reopen(seat.at, await moved);
  }

  return {
    seats,
    async claim(seat, dueMs, tally) {
      const number = asked;
      asked += 1;
      for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
        const decision = await seat.desk.claim(number, `${run}-${number}`);
        if (decision !== undefined && isDecided(decision, dueMs, tally)) return;
        tally.askedAgain();
        if (decision === undefined) await reopen(seat);
        else await delay(RETRY_MS);
      }
      tally.unanswered();
    },
    moveTo(port) {
      moved = port;
    },
    close() {
      for (const { desk } of seats) desk.close();
    },
  };
}

/** False where it is to be asked again. */
function isDecided({ claimId, code }: Decision, dueMs: number, tally: Tally): boolean {
  if (claimId === '' && ASK_AGAIN.has(code)) return false;
  tally.took(performance.now() - dueMs);
  if (claimId === '') tally.refused(code);
  else tally.won(claimId);
  return true;
}
