import { describe, expect, it } from 'vitest';
import { createReadiness } from './health.ts';

function fakeClock() {
  let nowMs = 0;
  return {
    now: () => nowMs,
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

describe('createReadiness', () => {
  it('is ready when every check is', async () => {
    const readiness = createReadiness({ clock: fakeClock() });
    readiness.add({ name: 'redis', check: async () => undefined });
    expect(await readiness.report()).toEqual({ ready: true, checks: [{ name: 'redis', ok: true }] });
  });

  it('names what is missing and why, without secrets', async () => {
    const readiness = createReadiness({ clock: fakeClock() });
    readiness.add({ name: 'kafka', check: async () => undefined });
    readiness.add({
      name: 'redis',
      check: () => Promise.reject(new Error(`no answer from redis://u:hunter2@h ${'z'.repeat(500)}`)),
    });
    readiness.add({
      name: 'odd',
      check() {
        throw new Error('thrown at once');
      },
    });
    const report = await readiness.report();
    expect(report).toMatchObject({
      ready: false,
      checks: [
        { name: 'kafka', ok: true },
        { name: 'redis', ok: false, reason: expect.stringContaining('no answer from') },
        { name: 'odd', ok: false, reason: 'thrown at once' },
      ],
    });
    expect(report.checks[1]?.reason).not.toContain('hunter2');
    expect(report.checks[1]?.reason?.length).toBeLessThan(210);
  });

  it('names what is not needed and stays ready without it', async () => {
    const readiness = createReadiness({ clock: fakeClock() });
    readiness.add({ name: 'one region', needed: false, check: () => Promise.reject(new Error('gone')) });
    const checks = [{ name: 'one region', ok: false, reason: 'gone' }];
    expect(await readiness.report()).toEqual({ ready: true, checks });
    readiness.add({ name: 'home', check: () => Promise.reject(new Error('gone')) });
    expect((await readiness.report()).ready).toBe(false);
  });

  it('gives up on a check that hangs, does not wait for it twice as long, and asks it again only once it is back', async () => {
    const clock = fakeClock();
    const readiness = createReadiness({ clock, deadlineMs: 30, cacheMs: 10 });
    const hanging = Promise.withResolvers<void>();
    let asked = 0;
    readiness.add({
      name: 'hangs',
      check: () => {
        asked += 1;
        return asked === 1 ? hanging.promise : Promise.resolve();
      },
    });
    expect(await readiness.report()).toMatchObject({
      ready: false,
      checks: [{ reason: 'hangs took longer than 30 ms' }],
    });
    clock.pass(11);
    expect((await readiness.report()).ready).toBe(false);
    expect(asked).toBe(1);
    hanging.resolve();
    clock.pass(11);
    await hanging.promise;
    expect((await readiness.report()).ready).toBe(true);
    clock.pass(11);
    expect((await readiness.report()).ready).toBe(true);
    expect(asked).toBe(2);
  });

  it('asks once for all who ask at the same time or soon after', async () => {
    const clock = fakeClock();
    const readiness = createReadiness({ clock, cacheMs: 250 });
    let asked = 0;
    readiness.add({
      name: 'counted',
      check: async () => {
        asked += 1;
      },
    });
    await Promise.all(Array.from({ length: 100 }, () => readiness.report()));
    clock.pass(249);
    await readiness.report();
    expect(asked).toBe(1);
    clock.pass(1);
    await readiness.report();
    expect(asked).toBe(2);
  });

  it('does not answer from before a check was added', async () => {
    const readiness = createReadiness({ clock: fakeClock() });
    expect((await readiness.report()).ready).toBe(true);
    readiness.add({ name: 'late', check: () => Promise.reject(new Error('no')) });
    expect((await readiness.report()).ready).toBe(false);
  });
});
