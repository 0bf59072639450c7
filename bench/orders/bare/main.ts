/** One process of the bare chain: the same step with nothing around it, what the product's is measured against. */
import { joinCrew } from '../../crew/member.ts';
import type { BareOrder, BareReport } from './notes.ts';
import { relayBare } from './relay.ts';
import { writeBare } from './writer.ts';

joinCrew<BareOrder, BareReport>(async ({ next, report }) => {
  const order = await next();
  if (order.t === 'write') {
    await writeBare(order);
    report({ t: 'ready' });
    return;
  }
  report({ t: 'ready' });
  await relayBare(order);
});
