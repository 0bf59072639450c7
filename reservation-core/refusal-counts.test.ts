import { expect, it } from 'vitest';
import { newId } from '../test/fixtures/drop.ts';
import { useShards } from '../test/fixtures/shards.ts';
import { eventually } from '../test/servers/eventually.ts';
import { useRedis } from '../test/servers/redis.ts';
import { createRefusalCounts, readRefusalCounts } from './refusal-counts.ts';

const core = useShards(useRedis());

it('adds up what several edges refused, by drop and code, and forgets it some day', async () => {
  const [dropId, other] = [newId(), newId()];
  const edges = [createRefusalCounts(core), createRefusalCounts(core)];
  for (const edge of edges) for (let times = 3; times > 0; times -= 1) edge.note(dropId, 'SOLD_OUT');
  edges[0]?.note(dropId, 'LIMIT_REACHED');
  edges[1]?.note(other, 'SOLD_OUT');
  const counts = await eventually(
    async () => {
      const now = await readRefusalCounts(core, dropId);
      return now['SOLD_OUT'] === 6 && now['LIMIT_REACHED'] === 1 && now;
    },
    { withinMs: 10_000, everyMs: 50 },
  );
  expect(counts).toEqual({ SOLD_OUT: 6, LIMIT_REACHED: 1 });
  expect(await core.shards.home.redis.pttl(core.keys.line(dropId).refusals)).toBeGreaterThan(0);
});
