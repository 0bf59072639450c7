/** The shoppers of one generator: who they are, when they come, and what they tell in the end. */
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../../platform/clock.ts';
import { createAccessTokens } from '../../../platform/tokens/access-token.ts';
import { createRandom } from '../../line/eta/random.ts';
import { newAccount } from './account.ts';
import { arrivalTimes } from './arrivals.ts';
import { BEHAVIOURS } from './behaviours.ts';
import { createHeads } from './heads.ts';
import { KIND_NAMES, type KindName, kindOf } from './kinds.ts';
import type { CrowdPlan, CrowdTold, DropPlan, Person } from './notes.ts';
import { createTally, type Tally } from './tally.ts';
import { type OpenVisit, openVisit } from './visit.ts';
import type { World } from './world.ts';

export interface Crowd {
  /** The first comes at this moment, epoch ms; resolves when the last one has come. */
  come(fromMs: number): Promise<void>;
  end(endedAtMs: number): Promise<CrowdTold>;
}

interface Due {
  readonly at: number;
  readonly person: Person;
  readonly kind: KindName;
  readonly token: string;
  readonly afterMs: number;
}

/** The same people in every run. */
const SEED = 20_260_101;
const TICK_MS = 2;
/** Who comes later than this after the end of the storm is no part of it. */
const LATE_MS = 1_000;
/** From the end of the drop: whoever waits for an answer has it by then, or never. */
const SETTLE_DEADLINE_MS = 20_000;
const POLL_MS = 50;

/** Everything that takes its time is done before there is a drop. */
export async function gather(crowd: CrowdPlan): Promise<(drop: DropPlan) => Crowd> {
  const random = createRandom(SEED + crowd.crowd);
  const due = await planArrivals(crowd, random);
  return (drop) => crowdOf({ ...crowd, ...drop }, due, random);
}

function crowdOf(plan: World['plan'], due: readonly Due[], random: () => number): Crowd {
  const tally = createTally();
  const firsts: OpenVisit[] = [];
  const others: OpenVisit[] = [];
  let [sockets, mostSockets, arrived, keys, cutAndBack] = [0, 0, 0, 0, 0];
  let [endedAtMs, toldEndedAtMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const world: World = {
    ...{ plan, tally, heads: createHeads(), random },
    get endedAtMs() {
      return endedAtMs;
    },
    nextKey({ at }) {
      keys += 1;
      return `s${plan.crowd}-${at}-${keys}`;
    },
    enter: (account, behave) => void others.push(openVisit(world, account, behave, false)),
    toldEnded() {
      toldEndedAtMs = Math.min(toldEndedAtMs, Date.now());
    },
    opened() {
      sockets += 1;
      mostSockets = Math.max(mostSockets, sockets);
    },
    closed() {
      sockets -= 1;
    },
    cutAndBack() {
      cutAndBack += 1;
    },
  };

  function arrive({ at, person, kind, token }: Due, dueMs: number): void {
    tally.count(kind, 'shoppers');
    tally.inSecond('arrivals');
    tally.took('late', performance.now() - dueMs);
    const account = newAccount({ at, kind, person, token, dueMs });
    firsts.push(openVisit(world, account, BEHAVIOURS[kind], true));
  }

  return {
    async come(fromMs) {
      tally.begin(fromMs);
      // Epoch milliseconds jump when a clock is set; latencies do not.
      const startMs = performance.now() + (fromMs - Date.now());
      for (const one of due) {
        while (performance.now() < startMs + one.afterMs) await delay(TICK_MS);
        if (performance.now() < startMs + plan.stormMs + LATE_MS) arrived += 1;
        arrive(one, startMs + one.afterMs);
      }
    },
    async end(ended) {
      endedAtMs = ended;
      tally.wrong('were told that the drop had ended, and it had not', toldEndedAtMs < endedAtMs ? 1 : 0);
      await settle([...firsts, ...others]);
      noteUnanswered([...firsts, ...others], plan.perShopperLimit, tally);
      const waits = firsts.flatMap(waitOf);
      for (const visit of [...firsts, ...others]) visit.close();
      return { t: 'told', ...tally.told(), waits, arrived, mostSockets, cutAndBack };
    },
  };
}

async function planArrivals(plan: CrowdPlan, random: () => number): Promise<Due[]> {
  const tokens = createAccessTokens({ secret: plan.secret, clock: systemClock });
  const times = arrivalTimes(plan.people.length, plan.stormMs, random);
  const due: Due[] = [];
  for (const [at, person] of plan.people.entries()) {
    const { accessToken: token } = await tokens.issue({ userId: person.id, kind: 'user', role: 'shopper' });
    due.push({ at, person, kind: kindOf(random()), token, afterMs: times[at] ?? 0 });
  }
  return due;
}

/** Until everybody has the answers that they wait for. */
async function settle(visits: readonly OpenVisit[]): Promise<void> {
  const deadlineMs = performance.now() + SETTLE_DEADLINE_MS;
  const waits = ({ isOver, undecided, awaitsPlace }: OpenVisit): boolean => !isOver && (undecided > 0 || awaitsPlace);
  while (visits.some(waits) && performance.now() < deadlineMs) await delay(POLL_MS);
}

function noteUnanswered(visits: readonly OpenVisit[], limit: number, tally: Tally): void {
  const accounts = new Set(visits.map(({ account }) => account));
  const sum = (count: (visit: OpenVisit) => number): number => visits.reduce((all, visit) => all + count(visit), 0);
  tally.unknown(sum(({ unknown }) => unknown));
  tally.wrong(
    'claims that nobody answered',
    sum(({ undecided, unknown }) => undecided - unknown),
  );
  tally.wrong(
    'joins that nobody answered',
    sum(({ awaitsPlace, isOver }) => (awaitsPlace && !isOver ? 1 : 0)),
  );
  for (const { wins, limitRefusals } of accounts) {
    if (wins < limit) tally.wrong('refusals for a limit that was not reached', limitRefusals);
  }
}

/** Of people: bots have no turn to wait for. */
function waitOf({ account, eta, admittedAtMs }: OpenVisit) {
  if (KIND_NAMES.indexOf(account.kind) >= KIND_NAMES.indexOf('replaying')) return [];
  // Who was not called by the end was promised nothing that could be held against the time of their call.
  return eta.wait({ place: account.place, admittedAtMs, left: admittedAtMs === null }) ?? [];
}
