/** One Fastify route that answers about as much as a product page. */
import { join } from 'node:path';
import { startCrew } from '../crew/crew.ts';
import { cpuDuring } from '../machine/cpu-use.ts';
import type { Serve, Serving } from '../store/bare/notes.ts';
import type { Fire, Fired } from '../store/generator/notes.ts';
import type { Part, PartRun } from './part.ts';

const BARE = join(import.meta.dirname, '../store/bare/main.ts');
const GENERATOR = join(import.meta.dirname, '../store/generator/main.ts');
const CONNECTIONS = 64;
const BODY = JSON.stringify({ description: 'x'.repeat(2_000) });

export function route(signal: AbortSignal): Part {
  return {
    name: 'Fastify, one route',
    digits: { bareRouteP99Ms: 1 },
    async run(seconds): Promise<PartRun> {
      const server = startCrew<Serve, Serving>({ program: BARE, count: 1, signal });
      const generator = startCrew<Fire, Fired>({ program: GENERATOR, count: 1, signal });
      try {
        const serving = server.reports('serving');
        server.order(() => ({ t: 'serve', body: BODY }));
        const [{ url } = { url: '' }] = await serving;
        const scripts = [[{ method: 'GET', path: '/product' }]] as const;
        const fire = async (atMost: number): Promise<Fired | undefined> => {
          const fired = generator.reports('fired');
          generator.order(() => ({ t: 'fire', url, connections: CONNECTIONS, seconds: atMost, scripts }));
          return (await fired)[0];
        };
        const pids = { generator: generator.pids, server: server.pids };
        // autocannon counts whole seconds; the first of them warms both up.
        await fire(1);
        const { result, cpu } = await cpuDuring(pids, () => fire(Math.max(1, Math.round(seconds))));
        if (result === undefined) throw new Error('No generator, no result.');
        const { requestsPerSecond, p99Ms } = result;
        const figures = { bareRequestsPerSecond: requestsPerSecond, bareRouteP99Ms: p99Ms };
        return { figures, cpu };
      } finally {
        await generator.end();
        await server.end();
      }
    },
  };
}
