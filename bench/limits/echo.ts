/** uWebSockets.js sending back what it gets: what a WebSocket frame there and back costs at the least. */
import { letWork, type Part, percentileMs, timesOf, withServer } from './part.ts';

const SOCKETS = 1_000;
const GENERATORS = 2;

export function echo(signal: AbortSignal): Part {
  return {
    name: 'WebSocket echo',
    digits: { bareEchoP99Ms: 2 },
    run: (seconds) =>
      withServer({ t: 'echo-server' }, signal, async (port, server) => {
        const sockets = SOCKETS / GENERATORS;
        const orderOf = (generator: number) =>
          ({ t: 'echo-client', port, sockets, generator, ...timesOf(seconds) }) as const;
        const { perSecond, latencies, cpu } = await letWork(GENERATORS, orderOf, { signal, server });
        const figures = { bareEchoesPerSecond: perSecond, bareEchoP99Ms: percentileMs(latencies, 99) };
        return { figures, cpu, latencies };
      }),
  };
}
