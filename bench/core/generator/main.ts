/** One generator process: makes one load after the other, and tells of each what it was answered. */
import { setTimeout as delay } from 'node:timers/promises';
import { LIMITS } from '../../../contracts/limits.ts';
import { joinCrew } from '../../crew/member.ts';
import type { CoreOrder, CoreReport, Load } from '../load.ts';
import { createDepth } from './depth.ts';
import { driveBare } from './drive-bare.ts';
import { driveOurs } from './drive-ours.ts';
import type { DriverUnderWay } from './driver.ts';
import { createTally } from './tally.ts';

/** Of the open loop: what the queue of claims takes without answering BUSY. */
const MOST_UNDER_WAY = LIMITS.claimQueue;

joinCrew<CoreOrder, CoreReport>(async ({ next, report }) => {
  for (;;) {
    const order = await next();
    if (order.t !== 'load') throw new Error('The load comes first.');
    const { load } = order;
    const told = { tally: createTally(), depth: createDepth() };
    const driver = await (load.driver === 'ours' ? driveOurs(load, told) : driveBare(load, told));
    report({ t: 'ready' });
    await next();
    await measure(load, driver, told);
    await driver.close();
    report({ t: 'done', result: { ...told.tally.result(), callsUnderWay: told.depth.mean() } });
  }
});

async function measure(load: Load, driver: DriverUnderWay, { tally, depth }: Parameters<typeof driveOurs>[1]) {
  let over = false;
  const most = load.mostClaims ?? Number.POSITIVE_INFINITY;
  const goesOn = (): boolean => !over && tally.answered < most;
  tally.begin();
  const running =
    load.perSecond === null
      ? driver.run(goesOn)
      : driver.runOpen({ perSecond: load.perSecond, rampMs: load.warmUpMs / 2, mostUnderWay: MOST_UNDER_WAY }, goesOn);
  const early = running.then(() => undefined);
  await Promise.race([delay(load.warmUpMs), early]);
  tally.startMeasuring();
  depth.startMeasuring();
  await Promise.race([delay(load.measureMs), early]);
  tally.stopMeasuring();
  depth.stopMeasuring();
  over = true;
  await running;
}
