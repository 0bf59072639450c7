/** What asks the store, in a process of its own so that its work is not measured as the store's. */
import autocannon from 'autocannon';
import { joinCrew } from '../../crew/member.ts';
import type { Fire, Fired, Shot } from './notes.ts';
import { fireOpenLoop } from './open-loop.ts';

/** Small enough that a slow answer cannot hide among the fast ones of a list. */
const TIMEOUT_SECONDS = 10;
/** Of a list, one connection sends so many in a circle: to build more of them would be a stall of the generator's own. */
const SCRIPT_REQUESTS = 125;

const MS_PER_SECOND = 1_000;
const US_PER_MS = 1_000;
const P50 = 50;
const P99 = 99;

joinCrew<Fire, Fired>(async ({ next, report }) => {
  for (;;) {
    const { perSecond, ...load } = await next();
    report(perSecond === undefined ? await closedLoop(load) : await openLoop({ ...load, perSecond }));
  }
});

/** As fast as it is answered. */
async function closedLoop({ url, connections, seconds, scripts }: Omit<Fire, 'perSecond'>): Promise<Fired> {
  let connected = 0;
  const { latency, requests, non2xx, errors, timeouts } = await autocannon({
    url,
    connections,
    duration: seconds,
    timeout: TIMEOUT_SECONDS,
    setupClient(client) {
      const script = scripts[connected % scripts.length] ?? [];
      // Where all share one list, each begins elsewhere in it: otherwise they would all ask for the same at once.
      const from = scripts.length === 1 ? Math.floor((script.length * connected) / connections) : 0;
      connected += 1;
      const own = [...script.slice(from), ...script.slice(0, from)].slice(0, SCRIPT_REQUESTS);
      client.setRequests(own.map(requestOf));
    },
  });
  return {
    t: 'fired',
    requestsPerSecond: requests.average,
    requests: requests.total,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
    maxMs: latency.max,
    failed: non2xx + errors + timeouts,
  };
}

async function openLoop(load: Omit<Fire, 'perSecond'> & { readonly perSecond: number }): Promise<Fired> {
  const { requests, failed, latencies } = await fireOpenLoop({ ...load, timeoutMs: TIMEOUT_SECONDS * MS_PER_SECOND });
  return {
    t: 'fired',
    requestsPerSecond: requests / load.seconds,
    requests,
    p50Ms: inMs(latencies.getValueAtPercentile(P50)),
    p99Ms: inMs(latencies.getValueAtPercentile(P99)),
    maxMs: inMs(latencies.maxValue),
    failed,
  };
}

/** To a tenth. */
const inMs = (us: number): number => Math.round((us * 10) / US_PER_MS) / 10;

function requestOf({ method, path, headers, body }: Shot): autocannon.Request {
  return { method, path, ...(headers === undefined ? {} : { headers }), ...(body === undefined ? {} : { body }) };
}
