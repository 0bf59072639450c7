import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { solve } from '../../contracts/challenge/solve.ts';
import { systemClock } from '../../platform/clock.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createAccessTokens } from '../../platform/tokens/access-token.ts';
import { createDrops } from '../../reservation-core/drops.ts';
import { openLine } from '../../test/clients/line-client.ts';
import { liveDrop, newId } from '../../test/fixtures/drop.ts';
import { silentLog, useShards } from '../../test/fixtures/shards.ts';
import { useRedis } from '../../test/servers/redis.ts';
import { createEdge, type Edge } from '../edge.ts';

const SECRET = 'a secret of at least 32 characters';
const redis = useRedis();
const core = useShards(redis);
const tokens = createAccessTokens({ secret: SECRET, clock: systemClock });
let edge: Edge;
let url = '';

beforeAll(async () => {
  edge = createEdge({
    shards: core.shards,
    redisPrefix: redis.prefix,
    authSecret: SECRET,
    passSecret: SECRET,
    clock: systemClock,
    log: silentLog,
    metrics: createMetrics('edge-test'),
  });
  url = `ws://127.0.0.1:${await edge.listen('127.0.0.1', 0)}`;
});
afterAll(() => edge.close());

async function guest(): Promise<string> {
  return (await tokens.issue({ userId: newId(), kind: 'guest', role: 'shopper' })).accessToken;
}

describe('a line that asks for a proof of work', () => {
  it('is joined with the answer to the welcome, once, and left without by who has none', async () => {
    const drop = liveDrop(Date.now(), { challenge: 'always' });
    await createDrops(core).publish(drop);
    const line = await openLine(url, drop.id, 'eu');
    const { challenge } = await line.next('welcome');
    line.send({ t: 'join', token: await guest(), nonce: 'n' });
    const asked = await line.next('refused');
    expect(asked.code).toBe('CHALLENGE_REQUIRED');
    expect(asked.challenge).toContain('"level":1');

    const proof = await solve(challenge ?? '');
    line.send({ t: 'join', token: await guest(), nonce: 'n', proof });
    const { ticket } = await line.next('ticket');

    const other = await openLine(url, drop.id, 'eu');
    other.send({ t: 'join', token: await guest(), nonce: 'n', proof });
    expect(await other.next('refused')).toMatchObject({ code: 'CHALLENGE_REQUIRED' });
    // Who comes back with the ticket is not asked again.
    other.send({ t: 'join', token: await guest(), nonce: 'n', ticket });
    await other.next('ticket');
    expect(other.received[0]?.t).toBe('welcome');
    await Promise.all([line.close(), other.close()]);
  });
});
