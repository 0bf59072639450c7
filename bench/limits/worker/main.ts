/** One process of `limits`: a server that stays, or work that begins when told and tells what was counted. */
import { unreachable } from '../../../contracts/unreachable.ts';
import { joinCrew } from '../../crew/member.ts';
import { openEchoes, serveEcho } from './echo.ts';
import { openConsumer, openProducers } from './kafka.ts';
import { openTcp, serveTcp } from './loopback.ts';
import type { Counted, LimitOrder, LimitReport } from './notes.ts';
import { openInserter } from './postgres.ts';

joinCrew<LimitOrder, LimitReport>(async ({ next, report }) => {
  const order = await next();
  if (order.t === 'go') throw new Error('It is said first what to do.');
  if (order.t === 'echo-server') return report({ t: 'listening', port: await serveEcho() });
  if (order.t === 'tcp-server') return report({ t: 'listening', port: await serveTcp() });
  const work = await open(order);
  report({ t: 'ready' });
  await next();
  report({ t: 'done', counted: await work() });
});

function open(order: Exclude<LimitOrder, { t: 'go' | 'echo-server' | 'tcp-server' }>): Promise<() => Promise<Counted>> {
  switch (order.t) {
    case 'echo-client':
      return openEchoes(order);
    case 'produce':
      return openProducers(order);
    case 'consume':
      return openConsumer(order);
    case 'insert':
      return openInserter(order);
    case 'tcp-client':
      return openTcp(order);
    default:
      return unreachable(order);
  }
}
