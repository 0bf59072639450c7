import { expect, it } from 'vitest';
import { addCpu, bottleneckOf, type CpuUse, coresOf, cpuBetween } from './cpu-use.ts';

const use = (ms: Readonly<Record<string, number>>, othersMs = 0): CpuUse => ({
  ...{ ms, busiestMs: ms, wallMs: 1_000, othersMs },
});

it('counts what each has used between two notes, and what nobody of the run has', () => {
  const from = { atMs: 1_000, machineMs: 10_000, ms: { store: [100], generator: [50, 60] } };
  const to = { atMs: 2_000, machineMs: 11_500, ms: { store: [600], generator: [150, 360] } };
  const between = cpuBetween(from, to);
  expect(between).toEqual({
    ...{ ms: { store: 500, generator: 400 }, busiestMs: { store: 500, generator: 300 } },
    ...{ wallMs: 1_000, othersMs: 600 },
  });
  expect(coresOf(between, 'generator')).toBe(0.4);
  expect(coresOf(addCpu([between, between]), 'store')).toBe(0.5);
});

it.each<[string, CpuUse, string]>([
  ['the generator first', use({ generator: 950, store: 950 }), 'generator'],
  ['one process', use({ generator: 500, store: 950 }), 'store'],
  ['others', use({ generator: 500, store: 600 }, 500), 'other programs on the machine'],
  ['the cores', use({ generator: 700, store: 600, postgres: 650 }), 'all cores of the machine, most for generator'],
  ['nothing', use({ generator: 300, store: 300 }), 'waiting: for disks and one another'],
])('says what was full: %s', (_what, used, is) => {
  expect(bottleneckOf(used, ['generator', 'store'], 2)).toBe(is);
});
