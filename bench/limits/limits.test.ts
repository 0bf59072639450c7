import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { roundTrips } from './loopback.ts';
import { countIn } from './worker/meter.ts';

const DEADLINE_MS = 60_000;

describe('the bare parts', () => {
  const { signal } = new AbortController();

  it('count what a server of its own answers, over TCP for one', { timeout: DEADLINE_MS }, async () => {
    const { figures, cpu, latencies } = await roundTrips(signal).run(0.1);
    for (const [name, figure] of Object.entries(figures)) {
      expect(name).toMatch(/^bare[A-Z]/);
      expect(figure).toBeGreaterThan(0);
    }
    expect(latencies?.totalCount).toBeGreaterThan(0);
    expect(Object.keys(cpu?.ms ?? {})).toEqual(['generator', 'server']);
  });

  it('count only what ends while it is measured, and end by themselves', async () => {
    let done = 0;
    const { units, tookMs } = await countIn({ warmUpMs: 20, measureMs: 40 }, async (meter) => {
      while (meter.goesOn) {
        await delay(1);
        done += 1;
        meter.count(1, 1);
      }
    });
    expect(units).toBeGreaterThan(0);
    expect(units).toBeLessThan(done);
    expect(tookMs).toBeGreaterThanOrEqual(39);
  });

  it('fail when their work does', async () => {
    const failing = countIn({ warmUpMs: 10_000, measureMs: 10_000 }, () => Promise.reject(new Error('no server')));
    await expect(failing).rejects.toThrow('no server');
  });
});
