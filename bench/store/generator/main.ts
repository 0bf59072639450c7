/** One run of autocannon, in a process of its own so that its work is not measured as the store's. */
import autocannon from 'autocannon';
import { joinCrew } from '../../crew/member.ts';
import type { Fire, Fired, Shot } from './notes.ts';

/** Small enough that a slow answer cannot hide among the fast ones of a list. */
const TIMEOUT_SECONDS = 10;
/** Of a list, one connection sends so many in a circle: to build more of them would be a stall of the generator's own. */
const SCRIPT_REQUESTS = 125;

joinCrew<Fire, Fired>(async ({ next, report }) => {
  for (;;) {
    const order = await next();
    const { url, connections, seconds, perSecond, scripts } = order;
    let connected = 0;
    const result = await autocannon({
      url,
      connections,
      duration: seconds,
      timeout: TIMEOUT_SECONDS,
      // With a rate, a request counts from when it was due (coordinated omission).
      ...(perSecond === undefined ? {} : { overallRate: perSecond }),
      setupClient(client) {
        const script = scripts[connected % scripts.length] ?? [];
        // Where all share one list, each begins elsewhere in it: otherwise they would all ask for the same at once.
        const from = scripts.length === 1 ? Math.floor((script.length * connected) / connections) : 0;
        connected += 1;
        const own = [...script.slice(from), ...script.slice(0, from)].slice(0, SCRIPT_REQUESTS);
        client.setRequests(own.map(requestOf));
      },
    });
    const { latency, requests, non2xx, errors, timeouts } = result;
    report({
      t: 'fired',
      requestsPerSecond: requests.average,
      requests: requests.total,
      p50Ms: latency.p50,
      p99Ms: latency.p99,
      maxMs: latency.max,
      failed: non2xx + errors + timeouts,
    });
  }
});

function requestOf({ method, path, headers, body }: Shot): autocannon.Request {
  return { method, path, ...(headers === undefined ? {} : { headers }), ...(body === undefined ? {} : { body }) };
}
