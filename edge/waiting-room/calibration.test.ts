/**
 * Whether the intervals hold: lines of several kinds in a simulation of the admit script, tick by tick, with shoppers who
 * buy, dawdle, leave or are gone. At least nine of ten are to be called within the first interval that they were told.
 */
import { expect, it } from 'vitest';
import { etaOf } from './estimate.ts';
import { createFlowMeter } from './flow.ts';
import { wantedPasses } from './pace.ts';

interface Line {
  readonly shoppers: number;
  /** They come evenly between these; 0 is the start of the drop. */
  readonly come: readonly [fromMs: number, toMs: number];
  readonly perSecond: number;
  readonly maxActive: number;
  readonly passMs: number;
  /** How long buyers take, on average; who dawdles never buys; who is gone is passed over. */
  readonly buyMs: number;
  readonly dawdlers: number;
  readonly gone: number;
  readonly units: number;
}

interface Shopper {
  readonly comesAtMs: number;
  readonly holdsMs: number;
  readonly buys: boolean;
  readonly isGone: boolean;
  told: readonly [number, number];
}

const TICK_MS = 100;
const HOUR_MS = 3_600_000;
const TRAVEL_MS = 50;
const COMMON = { perSecond: 100, maxActive: 500, passMs: 60_000, buyMs: 8_000, dawdlers: 0.15, gone: 0, units: 1e6 };

it.each<[string, Line]>([
  ['comes before the start', { ...COMMON, shoppers: 4_000, come: [-60_000, 0] }],
  ['comes in one moment', { ...COMMON, shoppers: 4_000, come: [0, 2_000] }],
  ['comes all the time', { ...COMMON, shoppers: 4_000, come: [-3_000, 90_000] }],
  [
    'is held up by the cap alone',
    { ...COMMON, perSecond: 50, maxActive: 2_000, shoppers: 3_000, come: [-3_000, 7_000] },
  ],
  ['has a third that is gone', { ...COMMON, gone: 0.33, shoppers: 4_000, come: [-3_000, 20_000] }],
  ['only dawdles', { ...COMMON, dawdlers: 1, shoppers: 1_500, maxActive: 100, come: [-3_000, 90_000] }],
  ['wants more than there is', { ...COMMON, units: 2_000, shoppers: 4_000, come: [-3_000, 20_000] }],
])('holds for a crowd that %s', (_what, line) => {
  const { within, called } = simulate(line);
  expect(called).toBeGreaterThan(900);
  expect(within / called).toBeGreaterThan(0.9);
});

function simulate(line: Line): { within: number; called: number } {
  const coming = shoppersOf(line);
  const world = createWorld(line);
  for (let nowMs = line.come[0]; nowMs < HOUR_MS && world.hasStock(); nowMs += TICK_MS) {
    while ((coming[0]?.comesAtMs ?? HOUR_MS) < nowMs) world.join(coming.shift(), nowMs);
    if (nowMs >= 0) world.tick(nowMs);
    if (coming.length === 0 && world.isEmpty()) break;
  }
  return world.counts;
}

function createWorld(line: Line) {
  const waiting: Shopper[] = [];
  const meter = createFlowMeter(line.passMs);
  const counts = { within: 0, called: 0 };
  let passes: { readonly endsAtMs: number; readonly buys: boolean }[] = [];
  let issued: number[] = [];
  let [skipped, sold] = [0, 0];

  function wanted(): number {
    const stock = { available: line.units - sold, held: 0, sold, released: 0 };
    return wantedPasses({ ...stock, called: counts.called, active: passes.length, perShopperLimit: 1 });
  }

  function call({ told: [from, to], holdsMs, buys }: Shopper, nowMs: number): void {
    counts.called += 1;
    issued.push(nowMs);
    passes.push({ endsAtMs: nowMs + holdsMs, buys });
    if (nowMs >= from - TRAVEL_MS && nowMs <= to + TRAVEL_MS) counts.within += 1;
  }

  return {
    counts,
    hasStock: () => sold < line.units,
    isEmpty: () => waiting.length === 0,
    join(shopper: Shopper | undefined, nowMs: number): void {
      if (shopper === undefined) return;
      const ahead = waiting.length;
      const [low, high] = etaOf({
        ...{ ahead, most: ahead, perSecondCap: line.perSecond, maxActive: line.maxActive, passMs: line.passMs },
        ...{ active: passes.length, wanted: wanted(), flow: meter.flow() },
        ...{ untilStartMs: -nowMs, untilEndMs: HOUR_MS - nowMs },
      });
      shopper.told = [nowMs + low, nowMs + high];
      waiting.push(shopper);
    },
    tick(nowMs: number): void {
      sold += passes.filter(({ endsAtMs, buys }) => buys && endsAtMs <= nowMs).length;
      passes = passes.filter(({ endsAtMs }) => endsAtMs > nowMs);
      issued = issued.filter((atMs) => atMs > nowMs - 1_000);
      let free = Math.min(line.maxActive - passes.length, wanted() - passes.length, line.perSecond - issued.length);
      for (let next = waiting[0]; free > 0 && next !== undefined; next = waiting[0]) {
        waiting.shift();
        if (next.isGone) skipped += 1;
        else {
          free -= 1;
          call(next, nowMs);
        }
      }
      meter.record({ atMs: nowMs, called: counts.called, skipped, active: passes.length });
    },
  };
}

/** The same in every run: what differs from shopper to shopper comes from a sequence that fills 0 to 1 evenly. */
function shoppersOf({ shoppers, come: [from, to], buyMs, dawdlers, gone, passMs }: Line): Shopper[] {
  const part = (at: number, step: number): number => (at * step) % 1;
  return Array.from({ length: shoppers }, (_, at) => {
    const buys = part(at, 0.618_034) >= dawdlers;
    return {
      comesAtMs: from + (at / shoppers) * (to - from),
      holdsMs: buys ? Math.min(passMs, -Math.log(1 - part(at, 0.414_214)) * buyMs) : passMs,
      buys,
      isGone: part(at, 0.732_051) < gone,
      told: [0, 0],
    };
  });
}
