import { describe, expect, it } from 'vitest';
import { createLogger } from './logging/logger.ts';
import { createShutdown } from './shutdown.ts';

function logged() {
  const lines: string[] = [];
  const log = createLogger({ name: 'test', level: 'error', destination: { write: (line) => lines.push(line) } });
  return { log, lines };
}

describe('createShutdown', () => {
  it('stops what was registered last first, one after the other, once', async () => {
    const { log } = logged();
    const order: string[] = [];
    const shutdown = createShutdown({ log, timeoutMs: 1_000 });
    shutdown.onStop('pool', async () => void order.push('pool'));
    shutdown.onStop('server', async () => {
      await Promise.resolve();
      order.push('server');
    });
    const reports = await Promise.all([shutdown.stop(), shutdown.stop()]);
    expect(order).toEqual(['server', 'pool']);
    expect(reports).toEqual([
      { failed: [], skipped: [] },
      { failed: [], skipped: [] },
    ]);
  });

  it('logs a step that fails, and goes on with the others', async () => {
    const { log, lines } = logged();
    const order: string[] = [];
    const shutdown = createShutdown({ log, timeoutMs: 1_000 });
    shutdown.onStop('pool', () => void order.push('pool'));
    shutdown.onStop('rejects', () => Promise.reject(new Error('reason one')));
    shutdown.onStop('throws', () => {
      throw new Error('reason two');
    });
    expect(await shutdown.stop()).toEqual({ failed: ['throws', 'rejects'], skipped: [] });
    expect(order).toEqual(['pool']);
    expect(lines.join()).toContain('reason one');
    expect(lines.join()).toContain('reason two');
  });

  it('names the step that hangs and those that had no turn', async () => {
    const { log } = logged();
    const shutdown = createShutdown({ log, timeoutMs: 30 });
    shutdown.onStop('pool', () => undefined);
    shutdown.onStop('consumer', () => new Promise(() => undefined));
    expect(await shutdown.stop()).toEqual({ failed: [], hung: 'consumer', skipped: ['pool'] });
  });

  it('stops what a start that was under way still registered', async () => {
    const { log } = logged();
    const starting = Promise.withResolvers<void>();
    const order: string[] = [];
    const shutdown = createShutdown({ log, timeoutMs: 1_000, settled: () => starting.promise });
    shutdown.onStop('early', () => void order.push('early'));
    const report = shutdown.stop();
    shutdown.onStop('late', () => void order.push('late'));
    starting.resolve();
    expect(await report).toEqual({ failed: [], skipped: [] });
    expect(order.toSorted()).toEqual(['early', 'late']);
  });

  it('names the start when that is what does not end', async () => {
    const { log } = logged();
    const shutdown = createShutdown({ log, timeoutMs: 30, settled: () => new Promise(() => undefined) });
    expect(await shutdown.stop()).toEqual({ failed: [], hung: 'start', skipped: [] });
  });
});
