import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChild } from '../servers/child.ts';
import { ChildStartError } from '../servers/child-start-error.ts';
import { lastLines } from '../servers/log-file.ts';
import { freePort } from '../servers/ports.ts';
import {
  GivenUpError,
  type RestartPolicy,
  type Supervision,
  supervise,
  type Unit,
  type UnitEvent,
} from './supervisor.ts';

const POLICY: RestartPolicy = { maxDeaths: 2, windowMs: 60_000, minMs: 1, maxMs: 2 };
/** A child that says something, listens, and ends in order by SIGTERM. */
const CHILD = `
  const server = require('node:net').createServer().listen(Number(process.argv[1]), '127.0.0.1');
  console.log('serving');
  process.on('SIGTERM', () => process.exit(0));
`;

let folder = '';
const running: Supervision[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dropgate-supervisor-'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((supervision) => supervision.stop()));
  await rm(folder, { recursive: true, force: true });
});

interface Story {
  readonly supervision: Supervision;
  readonly events: readonly UnitEvent[];
  /** The n-th event of a type, whenever it comes. */
  event<T extends UnitEvent['type']>(type: T, nth: number): Promise<Extract<UnitEvent, { type: T }>>;
}

async function supervised(script: string, answers: (signal: AbortSignal) => Promise<void>): Promise<Story> {
  const port = await freePort();
  return supervisedUnit({
    name: 'child',
    start: (signal) =>
      startChild({
        name: 'child',
        port,
        programs: [process.execPath],
        args: ['-e', script, String(port)],
        cwd: folder,
        logFile: join(folder, 'child.log'),
        stopSignal: 'SIGTERM',
        stopDeadlineMs: 5_000,
        readyDeadlineMs: 10_000,
        unmendable: ({ code }) => code === 78,
        signal,
        answers,
      }),
  });
}

function supervisedUnit(unit: Unit): Story {
  const events: UnitEvent[] = [];
  const waiting: (() => void)[] = [];
  const supervision = supervise(unit, {
    policy: POLICY,
    onEvent: (event) => {
      events.push(event);
      for (const look of waiting) look();
    },
  });
  running.push(supervision);
  return {
    supervision,
    events,
    event: (type, nth) =>
      new Promise((resolve) => {
        const look = () => {
          const found = events.filter((event) => isOf(event, type)).at(nth - 1);
          if (found !== undefined && isOf(found, type)) resolve(found);
        };
        waiting.push(look);
        look();
      }),
  };
}

function isOf<T extends UnitEvent['type']>(event: UnitEvent, type: T): event is Extract<UnitEvent, { type: T }> {
  return event.type === type;
}

const atOnce = async () => {};

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('supervise', () => {
  it('tells a death with its last words and starts the child again', async () => {
    const { event } = await supervised(CHILD, answersOnceLogged);
    const first = await event('ready', 1);
    process.kill(first.pid, 'SIGKILL');
    const death = await event('died', 1);
    expect(death).toMatchObject({ pid: first.pid, exit: { code: null, signal: 'SIGKILL' }, lastWords: ['serving'] });
    const second = await event('ready', 2);
    expect(second.again).toBe(true);
    expect(second.pid).not.toBe(first.pid);
  });

  it('gives up one that dies too often', async () => {
    const { supervision, event } = await supervised(CHILD, atOnce);
    for (const nth of [1, 2, 3]) process.kill((await event('ready', nth)).pid, 'SIGKILL');
    await expect(supervision.ended).rejects.toThrow('child died 3 times within 60 s');
    await expect(supervision.ended).rejects.toBeInstanceOf(GivenUpError);
  });

  it('gives up one that never gets as far as serving, and tells what it said', async () => {
    const { supervision, event } = await supervised(`console.error('no such table'); process.exit(3)`, never);
    const failed = await event('failed', 1);
    expect(failed.error.message).toContain('it ended at once (code 3)');
    expect(failed.error.message).toContain('no such table');
    await expect(supervision.ready).rejects.toThrow('died 3 times');
  });

  it('does not try again what another try would only repeat', async () => {
    const { supervision, events } = await supervised('process.exit(78)', never);
    await expect(supervision.ready).rejects.toThrow(
      'child cannot be started: child did not start: it ended at once (code 78)',
    );
    expect(events).toEqual([]);
  });

  it('stops a child that serves, once, whoever asks', async () => {
    const { supervision, event, events } = await supervised(CHILD, answersOnceLogged);
    const { pid } = await event('ready', 1);
    await Promise.all([supervision.stop(), supervision.stop()]);
    await supervision.ended;
    expect(isThere(pid)).toBe(false);
    expect(events.map(({ type }) => type)).toEqual(['ready']);
  });

  it('stops one that is still starting', async () => {
    const asked = Promise.withResolvers<void>();
    const { supervision, events } = await supervised(CHILD, (signal) => {
      asked.resolve();
      return never(signal);
    });
    await asked.promise;
    await supervision.stop();
    await expect(supervision.ready).rejects.toThrow('stopped before it was ready');
    expect(events).toEqual([]);
  });

  it('stops while it waits before a restart', async () => {
    const story = supervisedUnit({
      name: 'broken',
      start: async () => {
        throw new ChildStartError('broken', 'not yet', { retryable: true });
      },
    });
    await story.event('restarting', 1);
    await story.supervision.stop();
    await story.supervision.ended;
  });
});

/** Its word stands in the log before it counts as serving. */
async function answersOnceLogged(): Promise<void> {
  if ((await lastLines(join(folder, 'child.log'), 1)).length === 0) throw new Error('it has said nothing yet');
}

function never(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
