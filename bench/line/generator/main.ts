/** One generator process of a waiting crowd. */
import { joinCrew } from '../../crew/member.ts';
import { prepareCrowd, type WaitingRoomCrowd } from './crowd.ts';
import type { CrowdOrder, CrowdReport } from './notes.ts';

joinCrew<CrowdOrder, CrowdReport>(async ({ next, report }) => {
  const first = await next();
  if (first.t !== 'prepare') throw new Error('A crowd is prepared first.');
  const crowd = await prepareCrowd(first.crowd);
  report({ t: 'prepared' });
  for (;;) await follow(await next(), crowd, report);
});

async function follow(
  order: CrowdOrder,
  crowd: WaitingRoomCrowd,
  report: (report: CrowdReport) => void,
): Promise<void> {
  switch (order.t) {
    case 'prepare':
      throw new Error('A crowd is prepared once.');
    case 'enter':
      return report({ t: 'entered', ...(await crowd.enter()) });
    case 'storm':
      return report({ t: 'stormed', ...(await crowd.storm(order.count, order.ports)) });
    case 'expect-crash': {
      const back = crowd.expectCrash(order.port, order.ports);
      report({ t: 'expecting' });
      return report({ t: 'back', ...(await back) });
    }
    case 'tell':
      return report({ t: 'told', ...crowd.told() });
  }
}
