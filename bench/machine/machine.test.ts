import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { cpuMsOf, parseCpuMs } from './cpu-time.ts';
import { measureFsyncMs } from './fsync-time.ts';

describe('what is read of the machine', () => {
  it('the CPU time of a process, whatever its program is called', () => {
    const after = 'S 1 1 1 0 -1 4194560 100 0 0 0 150 50 0 0 20 0 1 0 100';
    expect(parseCpuMs(`7 (redis-server) ${after}`)).toBe(2_000);
    expect(parseCpuMs(`7 (a (strange) name) ${after}`)).toBe(2_000);
  });

  it('no CPU time of a process that is not there', async () => {
    expect(await cpuMsOf(2 ** 30)).toBeUndefined();
  });

  it('the time of an fsync', async () => {
    expect(await measureFsyncMs(tmpdir())).toBeGreaterThan(0);
  });
});
