import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { addTimelines, createTimeline } from './timeline.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('tells what was done in a second, slice by slice, and adds several up', () => {
  let done = 0;
  const timeline = createTimeline(() => done);
  timeline.start();
  done = 25;
  vi.advanceTimersByTime(250);
  done = 75;
  vi.advanceTimersByTime(250);
  const slices = timeline.stop();
  vi.advanceTimersByTime(1_000);
  expect(slices).toEqual([
    [0.25, 100],
    [0.5, 200],
  ]);
  expect(addTimelines([slices, [[0.26, 50]]])).toEqual([
    [0.25, 150],
    [0.5, 200],
  ]);
});
