import { describe, expect, it } from 'vitest';
import { createLogger } from '../../logging/logger.ts';
import { createTopics } from './topics.ts';

const topic = (name: string, partitions = 4) => ({ topic: name, partitions, replication: 1 });

function fakeAdmin(existing: Map<string, number>, makes: (name: string) => boolean) {
  const asked: string[][] = [];
  return {
    asked,
    partitionsOf: async () => new Map(existing),
    async create(topics: readonly { topic: string; partitions: number }[]) {
      asked.push(topics.map(({ topic: name }) => name));
      const all = topics.map(({ topic: name, partitions }) => {
        existing.set(name, partitions);
        return makes(name);
      });
      return all.every((made) => made);
    },
  };
}

describe('createTopics', () => {
  const lines: string[] = [];
  const log = createLogger({ name: 'test', level: 'warn', destination: { write: (line) => lines.push(line) } });

  it('makes only what is missing', async () => {
    const admin = fakeAdmin(new Map([['a', 4]]), () => true);
    expect(await createTopics(admin, [topic('a'), topic('b'), topic('c')], log)).toEqual({ created: ['b', 'c'] });
    expect(admin.asked).toEqual([['b', 'c']]);
    expect(lines).toEqual([]);
  });

  it('does not fail when another process was faster', async () => {
    const admin = fakeAdmin(new Map(), () => false);
    expect(await createTopics(admin, [topic('a')], log)).toEqual({ created: [] });
  });

  it('warns of a topic with fewer partitions, and leaves it as it is', async () => {
    const admin = fakeAdmin(new Map([['a', 2]]), () => true);
    await createTopics(admin, [topic('a', 8)], log);
    expect(admin.asked).toEqual([]);
    expect(lines.join()).toContain('fewer partitions');
  });
});
