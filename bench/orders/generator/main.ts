/**
 * Claims at a steady rate whatever becomes of them. A claim's id has the time at which it was due, not that at which this
 * process came to it: what comes late counts from when it should have come (coordinated omission).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { formatUuidV7 } from '../../../contracts/ids.ts';
import { joinCrew } from '../../crew/member.ts';
import { timetable } from '../../edge/generator/pace.ts';
import { openClaiming } from '../claiming.ts';
import type { ClaimsAtRate, GeneratorReport } from './notes.ts';

const TICK_MS = 1;
const RANDOM_BYTES = 10;
const HALF = 0.5;

joinCrew<ClaimsAtRate, GeneratorReport>(async ({ next, report }) => {
  report({ t: 'ready' });
  const { redisUrl, sales, perSecond, warmUpMs, measureMs } = await next();
  const claiming = await openClaiming({ redisUrl, sales });
  const { dueBy, dueAtMs } = timetable(perSecond, warmUpMs * HALF);
  const startMs = performance.now();
  const startEpochMs = performance.timeOrigin + startMs;
  const underWay = new Set<Promise<void>>();
  let [begun, latestMs] = [0, 0];
  for (;;) {
    const elapsedMs = performance.now() - startMs;
    const due = dueBy(Math.min(elapsedMs, warmUpMs + measureMs));
    for (; begun < due; begun += 1) {
      const dueMs = dueAtMs(begun + 1);
      latestMs = Math.max(latestMs, elapsedMs - dueMs);
      const claimId = formatUuidV7(
        Math.floor(startEpochMs + dueMs),
        crypto.getRandomValues(new Uint8Array(RANDOM_BYTES)),
      );
      const claim = claiming.claim(begun, claimId).finally(() => underWay.delete(claim));
      underWay.add(claim);
    }
    if (elapsedMs >= warmUpMs + measureMs) break;
    await delay(TICK_MS);
  }
  await Promise.all(underWay);
  const told = claiming.told();
  await claiming.close();
  const fromMs = startEpochMs + warmUpMs;
  report({ t: 'made', told, fromMs, toMs: fromMs + measureMs, latestMs, startMs: startEpochMs });
});
