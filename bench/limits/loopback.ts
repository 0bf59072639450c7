/** Two processes over TCP on this machine: what no server that is asked over the network can be faster than. */
import { letWork, type Part, percentileMs, timesOf, withServer } from './part.ts';

const BYTES_PER_MB = 1_000_000;
const US_PER_MS = 1_000;

export function roundTrips(signal: AbortSignal): Part {
  return {
    name: 'loopback, one after the other',
    digits: { bareRoundTripUs: 1 },
    run: (seconds) =>
      withServer({ t: 'tcp-server' }, signal, async (port, server) => {
        const orderOf = () => ({ t: 'tcp-client', port, what: 'round trips', ...timesOf(seconds) }) as const;
        const { perSecond, latencies, cpu } = await letWork(1, orderOf, { signal, server });
        const bareRoundTripUs = percentileMs(latencies, 50) * US_PER_MS;
        return { figures: { bareRoundTripsPerSecond: perSecond, bareRoundTripUs }, cpu, latencies };
      }),
  };
}

export function bytes(signal: AbortSignal): Part {
  return {
    name: 'loopback, bytes',
    run: (seconds) =>
      withServer({ t: 'tcp-server' }, signal, async (port, server) => {
        const orderOf = () => ({ t: 'tcp-client', port, what: 'bytes', ...timesOf(seconds) }) as const;
        const { perSecond, cpu } = await letWork(1, orderOf, { signal, server });
        return { figures: { bareLoopbackMbPerSecond: perSecond / BYTES_PER_MB }, cpu };
      }),
  };
}
