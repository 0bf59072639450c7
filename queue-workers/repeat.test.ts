import { expect, it } from 'vitest';
import { LIMITS } from '../contracts/limits.ts';
import { eventually } from '../test/servers/eventually.ts';
import type { Leadership } from './leadership.ts';
import { repeat, repeatLed, repeatWork } from './repeat.ts';

const WITHIN = { withinMs: 5_000 };

it('looks again after a look that failed, and no more once it is stopped', async () => {
  const failures: unknown[] = [];
  let looks = 0;
  const looking = repeat({
    everyMs: 1,
    async look() {
      looks += 1;
      if (looks === 1) throw new Error('once');
    },
    failed: (error) => failures.push(error),
  });
  await eventually(() => looks >= 3, WITHIN);
  await looking.stop();
  const last = looks;
  await new Promise((resolve) => setImmediate(resolve));
  expect([looks, failures.length]).toEqual([last, 1]);
});

it('waits for the look under way when it is stopped', async () => {
  let end: (() => void) | undefined;
  const looking = repeat({
    everyMs: 1,
    look: () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
    failed: () => undefined,
  });
  await eventually(() => end !== undefined, WITHIN);
  let stopped = false;
  const stopping = looking.stop().then(() => {
    stopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(stopped).toBe(false);
  end?.();
  await stopping;
});

it('takes batch after batch of each kind while they are full, a failing kind leaves the others alone', async () => {
  const left = new Map([
    ['many', 25],
    ['bad', 5],
    ['endless', Number.POSITIVE_INFINITY],
    ['few', 3],
  ]);
  const batches: string[] = [];
  const failed: string[] = [];
  const working = repeatWork({
    everyMs: 60_000,
    kinds: [...left.keys()],
    most: 10,
    async work(kind) {
      if (kind === 'bad') throw new Error('bad');
      batches.push(kind);
      const count = Math.min(10, left.get(kind) ?? 0);
      left.set(kind, (left.get(kind) ?? 0) - count);
      return count;
    },
    failed: (_error, kind) => failed.push(kind),
  });
  await eventually(() => batches.includes('few'), WITHIN);
  await working.stop();
  const of = (kind: string) => batches.filter((one) => one === kind).length;
  expect({ many: of('many'), few: of('few'), endless: of('endless'), failed }).toEqual({
    ...{ many: 3, few: 1, endless: LIMITS.pruneRounds, failed: ['bad'] },
  });
});

it('looks only while it leads, hears when the lead is lost, and gives it up in the end', async () => {
  const lost = new AbortController();
  let turns = 0;
  let resigned = 0;
  const leadership: Leadership = {
    lead: async () => {
      turns += 1;
      return turns < 3 ? undefined : lost.signal;
    },
    resign: async () => {
      resigned += 1;
      throw new Error('no Redis');
    },
  };
  const led: boolean[] = [];
  const heard: boolean[] = [];
  const problems: string[] = [];
  const looking = repeatLed({
    ...{ leadership, everyMs: 1 },
    async look(until) {
      lost.abort();
      heard.push(until.aborted);
    },
    failed: () => problems.push('failed'),
    leads: (isLeader) => led.push(isLeader),
    resignFailed: () => problems.push('resign'),
  });
  await eventually(() => heard.length > 0, WITHIN);
  await looking.stop();
  expect(led.slice(0, 3)).toEqual([false, false, true]);
  expect([heard[0], resigned, led.at(-1), problems]).toEqual([true, 1, false, ['resign']]);
});
