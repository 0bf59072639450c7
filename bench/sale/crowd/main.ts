/** A process of shoppers of a drop: they come when they are due, whatever the edge does, and each behaves as their kind does. */
import { joinCrew } from '../../crew/member.ts';
import { gather } from './crowd.ts';
import type { CrowdOrder, CrowdReport } from './notes.ts';

joinCrew<CrowdOrder, CrowdReport>(async ({ next, report }) => {
  for (;;) {
    const prepare = await next();
    if (prepare.t !== 'prepare') throw new Error('A crowd is told first who they are.');
    const meet = await gather(prepare.plan);
    report({ t: 'prepared' });
    const come = await next();
    if (come.t !== 'come') throw new Error('Then they come.');
    const ended = next();
    const crowd = meet(come.drop);
    await crowd.come(come.fromMs);
    report({ t: 'come' });
    const end = await ended;
    if (end.t !== 'end') throw new Error('Then the drop ends.');
    report(await crowd.end(end.endedAtMs));
  }
});
