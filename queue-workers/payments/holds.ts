/** Orders of drops, from paid to sold, or back into the stock: the hold in Redis first, then the order, so that a crash repeats both. */
import { withTransaction } from '../../platform/connections/postgres.ts';
import type { ReleaseReason } from '../../reservation-core/holds.ts';
import type { Desk, InHand } from './desk.ts';
import { type Verdict, writeSteps } from './steps.ts';

/** Undefined: it cannot be told now. */
type Answer = Verdict | undefined;

/** The money is there: the units are sold. Where the hold has ended before, the order is cancelled, and the refund follows. */
export async function confirmAll(desk: Desk, payments: readonly InHand[]): Promise<void> {
  const verdicts = await byRegion(desk, payments, async (dropId, region, claimIds) => {
    const replies = await desk.holds.confirm(dropId, region, claimIds);
    return replies.map((reply): Answer => {
      if (reply.reply === 'UNKNOWN') return undefined;
      if (reply.reply === 'CONFIRMED' || reply.endedAs === 'sold') return { to: 'CONFIRMED', reason: 'paid' };
      return { to: 'CANCELLED', reason: reply.endedAs };
    });
  });
  await withTransaction(desk.database, (client) => writeSteps(client, desk, payments, verdicts));
}

/** There will be no money: the units are for others. */
export async function giveBackAll(desk: Desk, payments: readonly InHand[]): Promise<void> {
  const named = new Map<string, Verdict>();
  for (const [why, group] of Map.groupBy(payments, reasonOf)) {
    for (const [id, verdict] of await releaseAll(desk, group, why)) named.set(id, verdict);
  }
  for (const { id, review } of payments) {
    if (review === 'rejected' && named.get(id)?.reason === 'declined')
      named.set(id, { to: 'CANCELLED', reason: review });
  }
  await withTransaction(desk.database, (client) => writeSteps(client, desk, payments, named));
}

/** A payment that was called off before its order was over: its shopper did not want it any more. */
function reasonOf({ status, review }: InHand): ReleaseReason {
  return status === 'CANCELLED' && review !== 'rejected' ? 'cancelled' : 'declined';
}

async function releaseAll(
  desk: Desk,
  payments: readonly InHand[],
  why: ReleaseReason,
): Promise<ReadonlyMap<string, Verdict>> {
  return await byRegion(desk, payments, async (dropId, region, claimIds) => {
    const replies = await desk.holds.release(dropId, region, claimIds, why);
    return replies.map((reply, at): Answer => {
      if (reply.reply === 'UNKNOWN') return undefined;
      if (reply.reply === 'ALREADY' && reply.endedAs === 'sold') {
        // Only another payment of the same order can have done that: the order is theirs to confirm.
        desk.log.error({ claimId: claimIds[at] }, 'a declined payment belongs to a hold that is sold');
        return undefined;
      }
      return { to: 'CANCELLED', reason: reply.reply === 'ALREADY' ? reply.endedAs : why };
    });
  });
}

/** Verdicts by payment; none for those of a region that does not answer. */
async function byRegion(
  desk: Desk,
  payments: readonly InHand[],
  ask: (dropId: string, region: string, claimIds: string[]) => Promise<Answer[]>,
): Promise<Map<string, Verdict>> {
  const groups = Map.groupBy(payments, ({ dropId, region }) => `${dropId} ${region}`);
  const verdicts = new Map<string, Verdict>();
  const askOne = async (group: readonly InHand[]): Promise<void> => {
    const [first] = group;
    if (first === undefined) return;
    const { dropId, region } = first;
    if (dropId === null || region === null) return;
    try {
      const answers = await ask(
        dropId,
        region,
        group.map(({ orderId }) => orderId),
      );
      for (const [at, { id }] of group.entries()) {
        const answer = answers[at];
        if (answer !== undefined) verdicts.set(id, answer);
      }
    } catch (error) {
      desk.metrics.failed('holds');
      desk.log.warn({ err: error, dropId, region }, 'holds could not be ended, trying again');
    }
  };
  await Promise.all([...groups.values()].map(askOne));
  return verdicts;
}
