import { describe, expect, it } from 'vitest';
import { stockClaimScript } from '../../reservation-core/generated/stock-claim.ts';
import { bottleneckOf } from './bottleneck.ts';
import { forgetful } from './doctored.ts';
import { createTally } from './generator/tally.ts';
import { addTold, NOTHING_TOLD } from './load.ts';
import { parseCommandStats, readSlowLog } from './slow-calls.ts';

describe('what held a run back', () => {
  it.each([
    { redis: 0.97, busiestGenerator: 0.6, redisProcesses: 1, is: 'redis' },
    { redis: 1.2, busiestGenerator: 0.95, redisProcesses: 2, is: 'generator' },
    { redis: 0.7, busiestGenerator: 0.5, redisProcesses: 1, is: 'redis and its disk' },
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
