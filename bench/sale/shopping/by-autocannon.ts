/**
 * Most of the shopping: autocannon at an overall rate. Its latencies are not told: each connection sends its share of a
 * second in a burst at the beginning of the second, and waits for an answer before it asks again.
 */
import autocannon from 'autocannon';
import { STEPS_PER_SESSION, type Step } from './mix.ts';
import type { Shop } from './notes.ts';
import type { Shopping } from './session.ts';
import type { ShopTally } from './tally.ts';

const TIMEOUT_SECONDS = 20;
/** More would each have less than one request a second. */
const MOST_CONNECTIONS = 16;

export async function shopByAutocannon(
  { url, seconds, sessionsPerSecond }: Shop,
  tally: ShopTally,
  createOne: () => Shopping,
): Promise<void> {
  const overallRate = Math.max(1, Math.round(sessionsPerSecond * STEPS_PER_SESSION));
  const { errors, timeouts } = await autocannon({
    url,
    connections: Math.min(MOST_CONNECTIONS, overallRate),
    overallRate,
    duration: seconds,
    timeout: TIMEOUT_SECONDS,
    setupClient(client) {
      const shopping = createOne();
      let [step, askedMs]: [Step, number] = ['list', 0];
      client.setRequests([
        {
          setupRequest(request) {
            const next = shopping.next();
            step = next.step;
            askedMs = performance.now();
            return { ...request, body: '', ...next.shot };
          },
          onResponse(status, body) {
            tally.answered(step, performance.now() - askedMs, status, body);
            shopping.answered(status, body);
          },
        },
      ]);
    },
  });
  for (let at = 0; at < errors + timeouts; at += 1) tally.answered('list', TIMEOUT_SECONDS, 0, 'no answer');
}
