/** peers: what a user would pick instead, side by side with the product: the same generator, servers and machine. */
import { type OrderServers, withOrderServers } from '../orders/servers.ts';
import type { BenchContext, Findings, Scenario } from '../scenario.ts';
import { CONTENDERS } from './contenders.ts';
import { findingsOf } from './findings.ts';
import { OURS_OVER_SOCKETS } from './ours.ts';
import { killInTheMiddle, type Measured, takeTurn, withContender } from './turn.ts';

export const peers: Scenario = {
  name: 'peers',
  about: 'side by side: a Redis counter with an insert, two ways of PostgreSQL alone, and the product',
  run: (context) => withOrderServers(context, (servers, fsyncMs) => measurePeers(context, servers, fsyncMs)),
};

async function measurePeers(context: BenchContext, servers: OrderServers, fsyncMs: number): Promise<Findings> {
  const all = CONTENDERS.map((contender): Measured => ({ contender, turns: [], killed: [] }));
  // In turn within each round, so that what disturbs the machine for a while disturbs all.
  for (let at = 1; at <= context.rounds; at += 1) {
    for (const { contender, turns, killed } of all) {
      const what = `${contender.label}, round ${at} of ${context.rounds}`;
      context.progress(what);
      await withContender({ context, servers, contender }, async (open, generator) => {
        turns.push(await takeTurn(context, open, generator));
        if (at > 1 || (context.quick && contender === OURS_OVER_SOCKETS)) return;
        context.progress(`${what}: killed in the middle of a sale`);
        killed.push(await killInTheMiddle(open, generator));
      });
    }
  }
  return findingsOf({ all, fsyncMs, postgres: servers.postgresVersion });
}
