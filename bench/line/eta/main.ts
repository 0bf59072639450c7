/** The visitors of one line, who come over a while and behave like people: some dawdle, some leave. */
import { setTimeout as delay } from 'node:timers/promises';
import { createIdSource } from '../../../contracts/ids.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createAccessTokens } from '../../../platform/tokens/access-token.ts';
import { joinCrew } from '../../crew/member.ts';
import type { Visit, VisitOrder, VisitReport } from './notes.ts';
import { createRandom } from './random.ts';
import { openVisitor, type Visitor, type VisitorPlan } from './visitor.ts';

/** The same people in every run. */
const SEED = 20_260_101;

joinCrew<VisitOrder, VisitReport>(async ({ next, report }) => {
  const { visit } = await next();
  const refused: Record<string, number> = {};
  let socketsLost = 0;
  const visitors: Visitor[] = [];
  const events = {
    refused(code: string) {
      refused[code] = (refused[code] ?? 0) + 1;
    },
    lost() {
      socketsLost += 1;
    },
  };
  const come = async ({ plan, atMs }: Planned): Promise<void> => {
    await delay(atMs);
    const visitor = await openVisitor(visit, plan, events);
    visitors.push(visitor);
    await visitor.over;
  };
  const all = Promise.all((await planVisits(visit)).map(come));
  await Promise.race([all, delay(visit.deadlineMs)]);
  report({ t: 'visited', waits: visitors.map(({ wait }) => wait), refused, socketsLost });
});

interface Planned {
  readonly plan: VisitorPlan;
  readonly atMs: number;
}

async function planVisits(visit: Visit): Promise<Planned[]> {
  const tokens = createAccessTokens({ secret: visit.secret, clock: systemClock });
  const nextId = createIdSource(systemClock);
  const random = createRandom(SEED + visit.generator);
  const planned: Planned[] = [];
  for (let at = 0; at < visit.shoppers; at += 1) {
    const { accessToken } = await tokens.issue({ userId: nextId(), kind: 'guest', role: 'shopper' });
    const leaves = random() < visit.leaverShare;
    const plan = {
      at,
      token: accessToken,
      thinkMs: random() * visit.thinkMs,
      buys: random() >= visit.idleShare,
      leaveAfterMs: leaves ? random() * visit.arriveWithinMs : undefined,
    };
    planned.push({ plan, atMs: random() * visit.arriveWithinMs });
  }
  return planned;
}
