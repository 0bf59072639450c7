import { expect, it } from 'vitest';
import { bottleneckOf } from './bottleneck.ts';

it.each([
  { edge: 0.9, redis: 0.3, busiestGenerator: 0.95, others: 0, is: 'generator' },
  { edge: 0.95, redis: 0.3, busiestGenerator: 0.7, others: 0, is: 'edge' },
  { edge: 0.8, redis: 0.95, busiestGenerator: 0.1, others: 0, is: 'redis' },
  { edge: 0.8, redis: 0.4, busiestGenerator: 0.7, others: 0.1, is: 'all cores of the machine, generator included' },
  { edge: 0.4, redis: 0.4, busiestGenerator: 0.4, others: 0.7, is: 'other programs on the machine' },
  { edge: 0.4, redis: 0.4, busiestGenerator: 0.4, others: 0.1, is: 'redis and its disk' },
])('what held the run back is $is', ({ is, ...cores }) => {
  expect(bottleneckOf({ ...cores, generators: cores.busiestGenerator }, 2)).toBe(is);
});
