import { setTimeout as delay } from 'node:timers/promises';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { stockClaimScript } from '../../reservation-core/generated/stock-claim.ts';
import { parseThreadTime } from '../machine/thread-time.ts';
import { bottleneckOf } from './bottleneck.ts';
import { forgetful } from './doctored.ts';
import { createDepth } from './generator/depth.ts';
import { beginWhenDue } from './generator/open-loop.ts';
import { createTally } from './generator/tally.ts';
import { addTold, NOTHING_TOLD } from './load.ts';
import { useBetween } from './redis-watch.ts';
import { parseCommandStats, readSlowLog } from './slow-calls.ts';
import { slowed } from './slowed.ts';

describe('what held a run back', () => {
  it.each([
    { redis: 0.97, busiestGenerator: 0.6, redisProcesses: 1, is: 'redis' },
    { redis: 1.2, busiestGenerator: 0.95, redisProcesses: 2, is: 'generator' },
    { redis: 0.7, busiestGenerator: 0.5, redisProcesses: 1, is: 'redis and its disk' },
    {
      ...{ redis: 0.5, busiestGenerator: 0.5, redisProcesses: 1 },
      ...{ waitsForCore: 0.4, waitsForDisk: 0.1, is: 'all cores of the machine' },
    },
  ])('is $is', ({ is, ...cores }) => {
    expect(bottleneckOf(cores)).toBe(is);
  });
});

describe('slow calls', () => {
  const entry = (us: number, command: string) => [1, 1_700_000_000, us, [command, 'words'], '127.0.0.1:1', ''];

  it('are those of scripts beyond the limit; the longest is named even below it', () => {
    expect(readSlowLog([entry(6_200, 'EVALSHA'), entry(1_500, 'evalsha')], 1_000)).toEqual({ slow: 1, longestMs: 6.2 });
    expect(readSlowLog([entry(90_000, 'xrange')], 1_000)).toEqual({ slow: 0, longestMs: 1 });
  });

  it('have a mean', () => {
    const info = '# Commandstats\r\ncmdstat_evalsha:calls=4,usec=2000,usec_per_call=500.00\r\n';
    expect(parseCommandStats(info)).toBe(0.5);
    expect(parseCommandStats('')).toBe(0);
  });
});

describe('a tally', () => {
  it('counts every answer, and latencies only while it measures', () => {
    const tally = createTally();
    tally.won('000000000001');
    tally.took(5, 1);
    tally.startMeasuring();
    tally.won('000000000002');
    tally.refused('SOLD_OUT');
    tally.stopMeasuring();
    tally.refused('SOLD_OUT');
    expect(tally.result()).toMatchObject({ won: 2, refused: { SOLD_OUT: 2 }, measured: 2, fingerprint: 3 });
  });

  it('has the latencies of what was due while it measured, also when it is answered later', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const tally = createTally();
    vi.advanceTimersByTime(100);
    tally.took(10, 1);
    tally.startMeasuring();
    vi.advanceTimersByTime(50);
    tally.took(60, 1);
    tally.took(40, 1);
    tally.stopMeasuring();
    vi.advanceTimersByTime(500);
    tally.took(520, 3);
    tally.took(400, 1);
    vi.useRealTimers();
    const latencies = decodeFromCompressedBase64(tally.result().histogram);
    expect([latencies.totalCount, Math.round(latencies.maxValue / 10_000)]).toEqual([4, 52]);
  });

  it('can be added to another', () => {
    const one = { won: 1, refused: { BUSY: 1 }, fingerprint: 5 };
    expect(addTold(one, addTold(one, NOTHING_TOLD))).toEqual({ won: 2, refused: { BUSY: 2 }, fingerprint: 0 });
  });
});

it('the doctored script is another one, without the line that takes units', () => {
  const mutated = forgetful(stockClaimScript);
  expect(mutated.sha).not.toBe(stockClaimScript.sha);
  expect(mutated.source).toContain(":held', units");
  expect(mutated.source).not.toContain(":available', -");
});

it('the slowed script does its work after a busy loop', () => {
  const mutated = slowed(stockClaimScript, 5_000);
  expect(mutated.name).toBe(stockClaimScript.name);
  expect(mutated.source.endsWith(stockClaimScript.source)).toBe(true);
  expect(mutated.source).toContain('for at = 1, 5000 do');
});

it('reads what a thread did with its time', () => {
  expect(parseThreadTime('2500000000 40000000 17\n')).toEqual({ cpuMs: 2_500, waitedForCoreMs: 40 });
});

it('divides the time of Redis into computing, waiting for a core, and its disk', () => {
  const from = { atMs: 0, cpuMs: 100, threadMs: 100, waitedMs: 10 };
  const to = { atMs: 1_000, cpuMs: 620, threadMs: 600, waitedMs: 210 };
  const { cores, waitsForCore, waitsForDisk } = useBetween(from, to, 1);
  expect([cores, waitsForCore, waitsForDisk].map((share) => Math.round(share * 100))).toEqual([52, 20, 30]);
});

describe('an open loop of claims', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('counts from when a claim was due, also when too many were under way', async () => {
    const late: number[] = [];
    const ended: (() => void)[] = [];
    let over = false;
    const running = beginWhenDue(
      { perSecond: 100, rampMs: 0, mostUnderWay: 2 },
      (dueMs) => {
        late.push(Math.round(performance.now() - dueMs));
        return new Promise((resolve) => ended.push(resolve));
      },
      () => !over,
    );
    vi.advanceTimersByTime(50);
    await until(() => late.length === 2);
    expect(late).toEqual([40, 30]);
    ended[0]?.();
    await until(() => late.length === 3);
    expect(late).toEqual([40, 30, 20]);
    over = true;
    // Two more were due before it ended: they are asked for as well, as late as they are.
    for (const wanted of [4, 5]) {
      ended[wanted - 3]?.();
      await until(() => late.length === wanted);
    }
    expect(late.slice(3)).toEqual([10, 0]);
    for (const end of ended) end();
    await running;
  });

  it('knows how many calls were under way as a mean over time', () => {
    const depth = createDepth();
    depth.begin();
    depth.startMeasuring();
    vi.advanceTimersByTime(100);
    depth.begin();
    vi.advanceTimersByTime(100);
    depth.stopMeasuring();
    expect(depth.mean()).toBeCloseTo(1.5);
  });
});

/** The clock that the loop reads stands still meanwhile; its timer does not. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await delay(1);
}
