import { expect, it } from 'vitest';
import { INTERVALS } from '../../contracts/limits.ts';
import { broadcastIntervalMs } from './broadcast-interval.ts';

it('tells a short line at once, and a long one still within a second that its head has moved', () => {
  expect(broadcastIntervalMs(10, true)).toBe(INTERVALS.headBroadcastMs);
  expect(broadcastIntervalMs(4_000, true)).toBe(600);
  expect(broadcastIntervalMs(19_000, true)).toBe(INTERVALS.headBroadcastAtMostMs);
  expect(INTERVALS.headBroadcastAtMostMs).toBeLessThan(1_000);
});

it('tells less often what is only a count', () => {
  expect(broadcastIntervalMs(10, false)).toBe(INTERVALS.headBroadcastMs);
  expect(broadcastIntervalMs(500, false)).toBe(2_000);
  expect(broadcastIntervalMs(19_000, false)).toBe(INTERVALS.headBroadcastAtLeastMs);
});
