import { expect, it } from 'vitest';
import { INTERVALS } from '../../contracts/limits.ts';
import { nextBroadcastMs } from './next-broadcast.ts';

const NOW = 1_000_000;
const justMoved = { atMs: NOW, movedAtMs: NOW };

it('tells a short line soon, and a long one still within a second that its head has moved', () => {
  expect(nextBroadcastMs(justMoved, 10, true) - NOW).toBe(INTERVALS.headBroadcastMs);
  expect(nextBroadcastMs(justMoved, 4_000, true) - NOW).toBe(600);
  expect(nextBroadcastMs(justMoved, 19_000, true) - NOW).toBe(INTERVALS.headMoveAtMostMs);
  expect(INTERVALS.headMoveAtMostMs).toBeLessThan(1_000);
});

it('lets a move not wait long behind a frame that only counted', () => {
  const counted = { atMs: NOW, movedAtMs: NOW - 5_000 };
  expect(nextBroadcastMs(counted, 19_000, true) - NOW).toBe(INTERVALS.headBroadcastMs);
});

it('tells less often what is only a count', () => {
  expect(nextBroadcastMs(justMoved, 10, false) - NOW).toBe(INTERVALS.headBroadcastMs);
  expect(nextBroadcastMs(justMoved, 500, false) - NOW).toBe(2_000);
  expect(nextBroadcastMs(justMoved, 19_000, false) - NOW).toBe(INTERVALS.headBroadcastAtLeastMs);
});
