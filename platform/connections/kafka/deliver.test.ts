import { describe, expect, it } from 'vitest';
import { createLogger } from '../../logging/logger.ts';
import { createDelivery, type DeliveryOptions, type Fetched } from './deliver.ts';
import type { ReceivedMessage } from './types.ts';

function message(offset: number): ReceivedMessage {
  return { topic: 't', partition: 0, offset: String(offset), key: '', value: '', headers: {}, timestampMs: 0 };
}

function fetchOf(count: number, more: Partial<Fetched> = {}) {
  const events: string[] = [];
  const fetched: Fetched = {
    topic: 't',
    partition: 0,
    messages: Array.from({ length: count }, (_, offset) => message(offset)),
    heartbeat: async () => undefined,
    moveTo: ({ offset }) => void events.push(`move ${offset}`),
    commitThrough: async ({ offset }) => void events.push(`commit ${offset}`),
    holdFor: (ms) => void events.push(`hold ${ms > 0}`),
    isCurrent: () => true,
    ...more,
  };
  return { fetched, events };
}

function deliveryOf(onBatch: DeliveryOptions['onBatch'], more: Partial<DeliveryOptions> = {}) {
  const lines: string[] = [];
  return {
    lines,
    deliver: createDelivery({
      onBatch,
      maxBatch: 10,
      heartbeatMs: 5,
      backoff: { minMs: 1, maxMs: 4 },
      commitAttempts: 3,
      log: createLogger({ name: 'test', level: 'info', destination: { write: (line) => lines.push(line) } }),
      ...more,
    }),
  };
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
    const again = { ...fetched, messages: fetched.messages.slice(10) };
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
      async commitThrough({ offset }) {
        commits.push(offset);
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
});
