/** One generator process of a waiting crowd. */
import { joinCrew } from '../../crew/member.ts';
import { prepareCrowd } from './crowd.ts';
import type { CrowdOrder, CrowdReport } from './notes.ts';

joinCrew<CrowdOrder, CrowdReport>(async ({ next, report }) => {
  const first = await next();
  if (first.t !== 'prepare') throw new Error('A crowd is prepared first.');
  const crowd = await prepareCrowd(first.crowd);
  report({ t: 'prepared' });
  for (;;) {
    const order = await next();
    if (order.t === 'enter') {
      const places = await crowd.enter();
      const { user, system } = process.cpuUsage();
      report({ t: 'entered', places, cpuMs: (user + system) / 1_000 });
    } else report({ t: 'told', ...crowd.told() });
  }
});
