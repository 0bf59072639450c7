/** What asks the store, in a process of its own so that its work is not measured as the store's. */
import autocannon from 'autocannon';
import { encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import { joinCrew } from '../../crew/member.ts';
import { inMs } from './in-ms.ts';
import type { Bought, Buy, Fire, Fired, Shot } from './notes.ts';
import { fireOpenLoop } from './open-loop.ts';
import { buyAll } from './purchases.ts';

/** Small enough that a slow answer cannot hide among the fast ones of a list. */
const TIMEOUT_SECONDS = 10;
/** Of a list, one connection sends so many in a circle: to build more of them would be a stall of the generator's own. */
const SCRIPT_REQUESTS = 125;

const MS_PER_SECOND = 1_000;
const P50 = 50;
const P99 = 99;

joinCrew<Fire | Buy, Fired | Bought>(async ({ next, report }) => {
  for (;;) {
    const order = await next();
    report(order.t === 'buy' ? await buyAll(order) : await fire(order));
  }
});

async function fire({ perSecond, ...load }: Fire): Promise<Fired> {
  return perSecond === undefined ? await closedLoop(load) : await openLoop({ ...load, perSecond });
}

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
    histogram: '',
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
    histogram: encodeIntoCompressedBase64(latencies),
  };
}

function requestOf({ method, path, headers, body }: Shot): autocannon.Request {
  return { method, path, ...(headers === undefined ? {} : { headers }), ...(body === undefined ? {} : { body }) };
}
