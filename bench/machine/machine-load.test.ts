import { expect, it } from 'vitest';
import { machineCpuMs, parseMachineCpuMs } from './machine-load.ts';

it('the machine is busy with all that is neither idle nor waiting for a disk', () => {
  const stat = 'cpu  10 20 30 4000 500 1 2 3 99 99\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
  expect(parseMachineCpuMs(stat)).toBe(660);
  expect(parseMachineCpuMs('')).toBe(0);
});

it('the time that this machine has spent only grows', async () => {
  const before = await machineCpuMs();
  expect(await machineCpuMs()).toBeGreaterThanOrEqual(before);
});
