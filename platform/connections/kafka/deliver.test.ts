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
      stopping: new AbortController().signal,
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

  it('tries the same messages again until they are handled; tells it once, and once that it is over', async () => {
    const { fetched, events } = fetchOf(12);
    const tries: number[][] = [];
    const { deliver, lines } = deliveryOf(async (messages) => {
      tries.push(offsets(messages));
      if (tries.length <= 5) throw new Error('database is away');
    });
    await deliver(fetched);
    expect(tries.slice(0, 6).every((tried) => tried.join() === '0,1,2,3,4,5,6,7,8,9')).toBe(true);
    expect(tries.slice(6)).toEqual([[10, 11]]);
    expect(events.filter((event) => event.startsWith('commit'))).toEqual(['commit 9', 'commit 11']);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toContain('database is away');
    expect(lines[1]).toContain('handled again');
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
    const { fetched, events } = fetchOf(5, { heartbeat: () => Promise.reject(new Error('rebalance')) });
    const { deliver } = deliveryOf(() => Promise.reject(new Error('database is away')));
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

  it('stops between two tries, leaving the messages for the next member', async () => {
    const stopping = new AbortController();
    const { fetched, events } = fetchOf(5);
    const failing = async () => {
      stopping.abort();
      throw new Error('database is away');
    };
    const backoff = { minMs: 60_000, maxMs: 60_000 };
    await deliveryOf(failing, { stopping: stopping.signal, backoff }).deliver(fetched);
    expect(events).toEqual([]);
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
