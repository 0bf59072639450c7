import { describe, expect, it } from 'vitest';
import { createLogger } from '../../logging/logger.ts';
import { createDelivery, type DeliveryOptions, type Fetched } from './deliver.ts';
import type { ReceivedMessage } from './types.ts';

function message(offset: number, partition = 0): ReceivedMessage {
  return { topic: 't', partition, offset: String(offset), key: '', value: '', headers: {}, timestampMs: 0 };
}

function fetchedFrom(first: number, count: number, partition = 0) {
  const messages = Array.from({ length: count }, (_, at) => message(first + at, partition));
  return { topic: 't', partition, count, read: (from: number, to: number) => messages.slice(from, to) };
}

function fetchOf(count: number, more: Partial<Fetched> = {}) {
  const events: string[] = [];
  const fetched: Fetched = {
    ...fetchedFrom(0, count, more.partition),
    heartbeat: async () => undefined,
    moveTo: ({ offset }) => void events.push(`move ${offset}`),
    commitThrough: async (lasts) => void events.push(`commit ${offsets(lasts).join(', ')}`),
    holdFor: (ms) => void events.push(`hold ${ms > 0}`),
    isCurrent: () => true,
    ...more,
  };
  return { fetched, events };
}

function deliveryOf(onBatch: DeliveryOptions['onBatch'], more: Partial<DeliveryOptions> = {}) {
  const lines: string[] = [];
  const { deliver, isInTrouble } = createDelivery({
    onBatch,
    maxBatch: 10,
    heartbeatMs: 5,
    backoff: { minMs: 1, maxMs: 4 },
    commitAttempts: 3,
    log: createLogger({ name: 'test', level: 'info', destination: { write: (line) => lines.push(line) } }),
    ...more,
  });
  return { lines, isInTrouble, deliver: (...together: readonly Fetched[]) => deliver(together) };
}

const offsets = (messages: readonly ReceivedMessage[]) => messages.map(({ offset }) => Number(offset));

describe('createDelivery', () => {
  it('hands over chunks in order and commits each only after it was handled', async () => {
    const { fetched, events } = fetchOf(25);
    const { deliver } = deliveryOf(async (messages) => void events.push(`handle ${messages.length}`));
    await deliver(fetched);
    expect(events).toEqual([
      'handle 10',
      'move 9',
      'commit 9',
      'handle 10',
      'move 19',
      'commit 19',
      'handle 5',
      'move 24',
      'commit 24',
    ]);
  });

  it('leaves the position before what cannot be handled; tells it once, and once that it is over', async () => {
    let away = 0;
    const { deliver, lines } = deliveryOf(async (messages) => {
      if (offsets(messages)[0] === 10 && away < 3) {
        away += 1;
        throw new Error('database is away');
      }
    });
    const { fetched, events } = fetchOf(25);
    await deliver(fetched);
    expect(events).toEqual(['move 9', 'commit 9', 'hold true']);
    const again = { ...fetched, ...fetchedFrom(10, 15) };
    await deliver(again);
    await deliver(again);
    expect(events.slice(3)).toEqual(['hold true', 'hold true']);
    await deliver(again);
    expect(events.slice(5)).toEqual(['move 19', 'commit 19', 'move 24', 'commit 24']);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('database is away');
    expect(lines[1]).toContain('"failures":3,"msg":"messages are handled again"');
  });

  it('waits longer with each failure of a partition, and counts each partition for itself', async () => {
    const holds: { partition: number; ms: number }[] = [];
    const backoff = { minMs: 100, maxMs: 800 };
    const { deliver } = deliveryOf(() => Promise.reject(new Error('no')), { backoff });
    const partition = (number: number) =>
      fetchOf(1, { partition: number, holdFor: (ms) => void holds.push({ partition: number, ms }) });
    const order = [0, 0, 0, 1, 0, 0];
    for (const number of order) await deliver(partition(number).fetched);
    expect(holds.map((hold) => hold.partition)).toEqual(order);
    // Between half and all of 100, 200, 400, 800 ms, both ends included.
    for (const [at, fullMs] of [100, 200, 400, 100, 800, 800].entries()) {
      expect(holds[at]?.ms).toBeGreaterThanOrEqual(fullMs / 2);
      expect(holds[at]?.ms).toBeLessThanOrEqual(fullMs);
    }
  });

  it('sends heartbeats while messages are being handled', async () => {
    const enough = Promise.withResolvers<void>();
    let beats = 0;
    const { fetched } = fetchOf(1, {
      async heartbeat() {
        beats += 1;
        if (beats === 3) enough.resolve();
      },
    });
    await deliveryOf(() => enough.promise).deliver(fetched);
    expect(beats).toBeGreaterThanOrEqual(3);
  });

  it('gives messages up that it cannot handle when the group is divided anew, uncommitted', async () => {
    const beaten = Promise.withResolvers<void>();
    const { fetched, events } = fetchOf(5, {
      async heartbeat() {
        beaten.resolve();
        throw new Error('rebalance');
      },
    });
    const { deliver } = deliveryOf(async () => {
      await beaten.promise;
      throw new Error('database is away');
    });
    await expect(deliver(fetched)).rejects.toThrow('rebalance');
    expect(events).toEqual([]);
  });

  it('tries to commit what was handled although the group is being divided: Kafka knows whose it is', async () => {
    const beaten = Promise.withResolvers<void>();
    const { fetched, events } = fetchOf(5, {
      async heartbeat() {
        beaten.resolve();
        throw new Error('rebalance');
      },
    });
    await expect(deliveryOf(() => beaten.promise).deliver(fetched)).rejects.toThrow('rebalance');
    expect(events).toEqual(['move 4', 'commit 4']);
  });

  it('repeats a commit that is refused for a moment, but not for ever', async () => {
    let refusals = 2;
    const commits: string[] = [];
    const refusing = fetchOf(1, {
      async commitThrough(lasts) {
        commits.push(...lasts.map(({ offset }) => offset));
        refusals -= 1;
        if (refusals >= 0) throw new Error('coordinator is loading');
      },
    });
    await deliveryOf(async () => undefined).deliver(refusing.fetched);
    expect(commits).toHaveLength(3);
    refusals = 100;
    await expect(deliveryOf(async () => undefined).deliver(refusing.fetched)).rejects.toThrow('loading');
    expect(commits).toHaveLength(6);
  });

  it('finishes and commits the chunk in hand when it is stopped, and takes no other', async () => {
    let current = true;
    const { fetched, events } = fetchOf(25, { isCurrent: () => current });
    const { deliver } = deliveryOf(async () => {
      current = false;
    });
    await deliver(fetched);
    expect(events).toEqual(['move 9', 'commit 9']);
  });

  it('hands over several partitions as one batch, and commits all of them in one go', async () => {
    const events: string[] = [];
    const log = (text: string): void => void events.push(text);
    const ofPartition = (partition: number, count: number) =>
      fetchOf(count, {
        partition,
        moveTo: ({ offset }) => log(`move ${partition}/${offset}`),
        commitThrough: async (lasts) =>
          log(`commit ${lasts.map((last) => `${last.partition}/${last.offset}`).join(' ')}`),
      }).fetched;
    const { deliver } = deliveryOf(async (messages) => log(`handle ${messages.length}`));
    await deliver(ofPartition(0, 3), ofPartition(5, 4));
    expect(events).toEqual(['handle 7', 'move 0/2', 'move 5/3', 'commit 0/2 5/3']);
  });

  it('holds each partition of a batch that cannot be handled, and says of each that it is in trouble', async () => {
    const [one, another] = [fetchOf(2), fetchOf(3, { partition: 1 })];
    let isAway = true;
    const { deliver, isInTrouble, lines } = deliveryOf(async () => {
      if (isAway) throw new Error('database is away');
    });
    await deliver(one.fetched, another.fetched);
    expect([one.events, another.events]).toEqual([['hold true'], ['hold true']]);
    expect([one.fetched, another.fetched].map(isInTrouble)).toEqual([true, true]);
    isAway = false;
    await deliver(one.fetched);
    expect([one.fetched, another.fetched].map(isInTrouble)).toEqual([false, true]);
    expect(lines.filter((line) => line.includes('handled again'))).toHaveLength(1);
  });

  it('leaves out a partition whose position was moved while it waited', async () => {
    const [one, another] = [fetchOf(2), fetchOf(3, { partition: 1, isCurrent: () => false })];
    const handled: number[] = [];
    const { deliver } = deliveryOf(async (messages) => void handled.push(messages.length));
    await deliver(one.fetched, another.fetched);
    expect([handled, one.events, another.events]).toEqual([[2], ['move 1', 'commit 1'], []]);
  });
});
