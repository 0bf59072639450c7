import { beforeEach, describe, expect, it } from 'vitest';
import { solve } from '../../contracts/challenge/solve.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { createMetrics, type Metrics } from '../../platform/metrics.ts';
import { type Budgets, createBudgets } from '../../reservation-core/budgets.ts';
import { newId } from '../../test/fixtures/drop.ts';
import { useShards } from '../../test/fixtures/shards.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { createGate, type Gate, type JoinRequest } from './gate.ts';
import { createGateMetrics } from './metrics.ts';

const redis = useRedis();
const core = useShards(redis);
const PER_ADDRESS = LIMITS.joinsPerAddress.capacity / 2;

let now = 0;
let metrics: Metrics;
let nextHost = 0;
let address = '';
const clock = { now: () => now };

beforeEach(() => {
  now = Date.now();
  nextHost += 1;
  address = `198.51.100.${nextHost}`;
});

function newGate(budgets?: Budgets): Gate {
  metrics = createMetrics('gate-test');
  return createGate({
    budgets: budgets ?? createBudgets({ shards: core.shards, keys: core.keys, clock }),
    secret: 'a secret of at least 32 characters',
    clock,
    metrics: createGateMetrics(metrics, () => undefined),
    unlimited: ['127.0.0.0/8'],
  });
}

const drop = { id: newId(), challenge: 'auto' } as const;
const join = (changes: Partial<JoinRequest> = {}): JoinRequest => ({ drop, address, shopperId: newId(), ...changes });

async function joinMany(gate: Gate, count: number, changes: Partial<JoinRequest> = {}) {
  return await Promise.all(Array.from({ length: count }, () => gate.join(join(changes))));
}

async function counted(name: string): Promise<unknown> {
  const metric = await metrics.registry.getSingleMetric(name)?.get();
  return metric?.values.map(({ labels, value }) => [...Object.values(labels).slice(0, 1), value]);
}

describe('a socket', () => {
  it('may speak in a burst, then at its rate', () => {
    const gate = newGate();
    const socket = gate.socket();
    const { capacity, refillPerSecond } = LIMITS.framesPerSocket;
    for (let at = 0; at < capacity; at += 1) expect(gate.frame(socket)).toBe('ok');
    expect(gate.frame(socket)).toBe('RATE_LIMITED');
    expect(gate.frame(gate.socket())).toBe('ok');
    now += 1_000;
    for (let at = 0; at < refillPerSecond; at += 1) expect(gate.frame(socket)).toBe('ok');
    expect(gate.frame(socket)).toBe('RATE_LIMITED');
  });
});

describe('joins', () => {
  it('of one account are counted over all edges', async () => {
    const shopperId = newId();
    const [one, two] = [newGate(), newGate()];
    const { capacity } = LIMITS.joinsPerAccount;
    const decisions = [
      ...(await joinMany(one, capacity - 5, { shopperId, address: '127.0.0.1' })),
      ...(await joinMany(two, capacity - 5, { shopperId, address: '127.0.0.1' })),
    ];
    const admitted = decisions.filter(({ ok }) => ok).length;
    expect(admitted).toBeGreaterThanOrEqual(capacity - 5 * LIMITS.joinsPerAccount.small);
    expect(admitted).toBeLessThanOrEqual(capacity + 2 * LIMITS.joinsPerAccount.small);
    expect(decisions.at(-1)).toMatchObject({ code: 'RATE_LIMITED' });
    now += 15_000;
    expect(await two.join(join({ shopperId }))).toEqual({ ok: true });
  });

  it('of one address are counted over all edges, guests for more than accounts', async () => {
    const off = { drop: { id: newId(), challenge: 'off' } } as const;
    const decisions = [
      ...(await joinMany(newGate(), PER_ADDRESS / 2, off)),
      ...(await joinMany(newGate(), PER_ADDRESS / 2, { ...off, kind: 'user' })),
      ...(await joinMany(newGate(), PER_ADDRESS, off)),
    ];
    const admitted = decisions.filter(({ ok }) => ok).length;
    expect(Math.abs(admitted - PER_ADDRESS * 1.25)).toBeLessThanOrEqual(5 * LIMITS.joinsPerAddress.small);
    const refusal = decisions.at(-1);
    expect(refusal).toMatchObject({ code: 'RATE_LIMITED' });
    if (refusal?.ok === false && refusal.code === 'RATE_LIMITED') expect(refusal.retryAfterMs).toBeGreaterThan(0);
  });

  it('of one IPv6 subscriber count together, and of this machine not at all', async () => {
    const gate = newGate();
    await joinMany(gate, PER_ADDRESS, { address: '2001:db8:0:1:0:0:0:1', returning: true });
    const neighbour = { address: '2001:db8:0:1:ffff:0:0:9' };
    expect(await gate.join(join(neighbour))).toMatchObject({ code: 'RATE_LIMITED' });
    expect(await gate.join(join({ address: '2001:db8:0:2:0:0:0:1' }))).toEqual({ ok: true });
    const here = await joinMany(gate, 2 * PER_ADDRESS, { address: '127.0.0.1' });
    expect(here.every(({ ok }) => ok)).toBe(true);
  });

  it('go on being counted, by this edge alone, when Redis does not answer', async () => {
    const silent: Budgets = {
      take: () => Promise.reject(new Error('gone')),
      spend: () => Promise.reject(new Error('gone')),
    };
    const gate = newGate(silent);
    const decisions = await joinMany(gate, PER_ADDRESS + 1, { returning: true });
    expect(decisions.filter(({ ok }) => ok)).toHaveLength(PER_ADDRESS);
    const proof = await solve((await gate.challengeFor({ id: drop.id, challenge: 'always' }, '127.0.0.1')) ?? '');
    const always = { drop: { id: drop.id, challenge: 'always' }, proof, address: '127.0.0.1' } as const;
    expect(await gate.join(join(always))).toEqual({ ok: true });
    expect(await gate.join(join(always))).toMatchObject({ code: 'CHALLENGE_REQUIRED' });
  });
});

describe('a proof of work', () => {
  it('is not asked of a household, is asked of a crowd of guests, and lets them in once it is done', async () => {
    const gate = newGate();
    expect(await gate.challengeFor(drop, address)).toBeUndefined();
    const first = await joinMany(gate, 40);
    expect(first.every(({ ok }) => ok)).toBe(true);
    const more = await joinMany(gate, 20);
    const asked = more.at(-1);
    if (asked?.ok !== false || asked.code !== 'CHALLENGE_REQUIRED') throw new Error('a challenge was to be asked for');
    // The next one of this address hears of it with the welcome, whether or not the edge has asked Redis for them.
    expect(await gate.challengeFor(drop, address)).toContain('"level":1');
    const proof = await solve(asked.challenge);
    expect(await gate.join(join({ proof }))).toEqual({ ok: true });
    expect(await counted('dropgate_edge_challenges_total')).toContainEqual(['solved', 1]);
  });

  it('gets harder with each step, is never asked of who comes back, nor where it is off', async () => {
    const gate = newGate();
    const levels: unknown[] = [];
    for (const count of [60, 60, 120, 170]) {
      await joinMany(gate, count, { returning: true });
      levels.push(/"level":(\d)/.exec((await gate.challengeFor(drop, address)) ?? '')?.[1]);
    }
    expect(levels).toEqual(['1', '2', '3', '4']);
    expect(await gate.join(join({ returning: true }))).toEqual({ ok: true });
    expect(await gate.join(join({ drop: { id: drop.id, challenge: 'off' } }))).toEqual({ ok: true });
  });

  it('counts once over all edges, for its drop only, and failing makes the next one harder', async () => {
    const [one, two] = [newGate(), newGate()];
    const always = { id: newId(), challenge: 'always' } as const;
    const proof = await solve((await one.challengeFor(always, address)) ?? '');
    expect(await one.join(join({ drop: always, proof }))).toEqual({ ok: true });
    expect(await two.join(join({ drop: always, proof }))).toMatchObject({ code: 'CHALLENGE_REQUIRED' });
    const elsewhere = await two.join(join({ drop: { id: newId(), challenge: 'always' }, proof }));
    if (elsewhere.ok || elsewhere.code !== 'CHALLENGE_REQUIRED') throw new Error('another drop asks for its own');
    expect(elsewhere.challenge).toContain('"level":2');
    expect(await counted('dropgate_edge_challenges_total')).toContainEqual(['failed', 2]);
  });
});
