/**
 * Between the loss of a region and its rebuild somebody may still have in hand what it had sent: a leader that was stopped,
 * an answer that is on its way. Its units come back to the region by never having been sent, so from the fence on no other
 * region takes them any more. It is the mark of transfer-settle, set without anything to settle, and needs no lock.
 */
import { type DropDefinition, regionsOf } from '../../contracts/drop.ts';
import type { Keys } from '../keys.ts';
import { createSettlements } from '../regions/settlement.ts';
import { generationOf } from '../regions/transfer-id.ts';
import type { Shards } from '../shards.ts';
import type { Journals } from './journals.ts';

export interface FenceOptions {
  readonly shards: Shards;
  readonly keys: Keys;
  readonly drop: DropDefinition;
  /** Cleared already: a region that may still have its data must not be fenced off. */
  readonly lost: readonly string[];
  readonly rebuildId: string;
}

/** Before anything comes back to the lost regions. The journals are those of the others. Answers why it cannot be. */
export async function fenceOff(options: FenceOptions, journals: Journals): Promise<string | undefined> {
  const { shards, keys, drop, lost } = options;
  const { settle, forget } = createSettlements({ shards, keys });
  const upToId = generationOf(options.rebuildId);
  for (const fromRegion of lost) {
    for (const toRegion of regionsOf(drop).filter((region) => region !== fromRegion)) {
      const { marks } = journals.get(toRegion) ?? {};
      if ((marks?.in.get(fromRegion) ?? '') >= upToId) return 'the clock here is behind that of an earlier rebuild';
      // Nothing below the mark leaves again: it would be taken for arrived.
      await settle(drop.id, { fromRegion, toRegion, upToId });
      await forget(drop.id, { fromRegion, toRegion, upToId });
      // What had been settled the other way round is known to the other one only.
      const settled = marks?.out.get(fromRegion);
      if (settled !== undefined) {
        await forget(drop.id, { fromRegion: toRegion, toRegion: fromRegion, upToId: settled });
      }
    }
  }
  return undefined;
}
