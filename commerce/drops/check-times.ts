import type { Findings, Problem, Warning } from './finding.ts';
import type { DropFacts, DropPlan } from './plan.ts';

const DAY_MS = 24 * 3_600_000;
/** Nothing is planned further ahead: a time in the wrong unit is found here. */
export const MOST_AHEAD_MS = 366 * DAY_MS;
export const LONGEST_DROP_MS = 31 * DAY_MS;
/** Fewer than this and nobody hears of the lobby before it is over. */
const SHORT_LOBBY_MS = 60_000;

type Times = Pick<DropPlan, 'mode' | 'lobbyOpensAt' | 'startsAt' | 'endsAt'>;

export function checkTimes(times: Times, { nowMs }: Pick<DropFacts, 'nowMs'>): Findings {
  return { problems: [...orderProblems(times), ...calendarProblems(times, nowMs)], warnings: lobbyWarnings(times) };
}

function orderProblems({ lobbyOpensAt, startsAt, endsAt }: Times): Problem[] {
  const problems: Problem[] = [];
  if (lobbyOpensAt > startsAt) {
    const late = duration(lobbyOpensAt - startsAt);
    problems.push(of('lobbyOpensAt', 'TIMES_OUT_OF_ORDER', `The lobby opens ${late} after the start.`));
  }
  if (endsAt <= startsAt) {
    const early =
      endsAt === startsAt ? 'at the moment of its start' : `${duration(startsAt - endsAt)} before its start`;
    problems.push(of('endsAt', 'TIMES_OUT_OF_ORDER', `The drop ends ${early}.`));
  }
  return problems;
}

function calendarProblems({ mode, lobbyOpensAt, startsAt, endsAt }: Times, nowMs: number): Problem[] {
  const problems: Problem[] = [];
  if (startsAt <= nowMs) {
    problems.push(of('startsAt', 'START_PAST', `The start, ${at(startsAt)}, was ${duration(nowMs - startsAt)} ago.`));
  }
  if (endsAt <= nowMs) {
    problems.push(of('endsAt', 'END_PAST', `The end, ${at(endsAt)}, was ${duration(nowMs - endsAt)} ago.`));
  }
  if (mode === 'lottery' && lobbyOpensAt <= nowMs) {
    const since = `it would have opened ${duration(nowMs - lobbyOpensAt)} ago`;
    const why = 'The seed of a lottery is committed to before its lobby opens';
    problems.push(of('lobbyOpensAt', 'LOBBY_PAST', `${why}; ${since}.`));
  }
  if (startsAt - nowMs > MOST_AHEAD_MS) {
    const days = Math.round((startsAt - nowMs) / DAY_MS);
    const most = `at most ${MOST_AHEAD_MS / DAY_MS} are allowed; times are epoch milliseconds`;
    problems.push(of('startsAt', 'TOO_FAR_AHEAD', `The start is ${days} days ahead, ${most}.`));
  }
  if (endsAt - lobbyOpensAt > LONGEST_DROP_MS) {
    const days = Math.round((endsAt - lobbyOpensAt) / DAY_MS);
    const most = `at most ${LONGEST_DROP_MS / DAY_MS} are allowed`;
    problems.push(of('endsAt', 'TOO_LONG', `From the lobby to the end it is ${days} days, ${most}.`));
  }
  return problems;
}

function lobbyWarnings({ mode, lobbyOpensAt, startsAt }: Times): Warning[] {
  const lobbyMs = startsAt - lobbyOpensAt;
  if (mode !== 'lottery' || lobbyMs < 0 || lobbyMs >= SHORT_LOBBY_MS) return [];
  const message = `The lobby is open for ${duration(lobbyMs)}: only who comes within it takes part in the draw.`;
  return [{ field: 'lobbyOpensAt', code: 'LOBBY_SHORT', message }];
}

const of = (field: string, code: Problem['code'], message: string): Problem => ({ field, code, message });

export function at(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

const UNITS = [
  ['day', DAY_MS],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** In the largest unit that fits: "90 seconds" says more than "1 minute". */
export function duration(ms: number): string {
  const [name, size] = UNITS.find(([, unitMs]) => ms >= 2 * unitMs) ?? ['second', 1_000];
  const count = Math.round((ms / size) * 10) / 10;
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}
