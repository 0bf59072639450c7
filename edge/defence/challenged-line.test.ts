import { beforeAll, describe, expect, it } from 'vitest';
import { solve } from '../../contracts/challenge/solve.ts';
import { useEdges } from '../../test/clients/edge-for-tests.ts';
import { openLine } from '../../test/clients/line-client.ts';
import { useRedis } from '../../test/servers/redis.ts';

const redis = useRedis();
const edges = useEdges(redis);
const { guest, publish } = edges;
let url = '';

beforeAll(async () => {
  ({ url } = await edges.start());
});

describe('a line that asks for a proof of work', () => {
  it('is joined with the answer to the welcome, once, and left without by who has none', async () => {
    const drop = await publish({ challenge: 'always' });
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
