/** Messages of this drop that a worker could not handle, nobody has sent back, and nothing has made good since. */
import { isUuidV7 } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { findAuditedOrders } from '../../db/queries/audited-orders.ts';
import { type Letter, readHeads, shownPlace } from '../dlq/letters.ts';
import type { AuditCore } from './audit-core.ts';
import { isCancelled } from './check-claim.ts';

const TOPICS = ['claims.won', 'claims.released'] as const;

export interface DeadLettersOfDrop {
  readonly open: readonly string[];
  /** Letters that were not read, because there are too many. */
  readonly more: number;
}

export async function deadLettersOf(core: AuditCore): Promise<DeadLettersOfDrop> {
  const letters: { readonly letter: Letter; readonly claimId: string }[] = [];
  const { more } = await readHeads(core, TOPICS, (letter) => {
    const claimId = letter.replayedAt === null ? claimOf(letter, core.dropId) : undefined;
    if (claimId !== undefined) letters.push({ letter, claimId });
  });
  const open: string[] = [];
  for (let from = 0; from < letters.length; from += LIMITS.ordersBatch) {
    const page = letters.slice(from, from + LIMITS.ordersBatch);
    const ids = page.map(({ claimId }) => claimId).filter(isUuidV7);
    const orders = new Map((await findAuditedOrders(core.database, core.dropId, ids)).map((one) => [one.id, one]));
    for (const { letter, claimId } of page) {
      const order = orders.get(claimId);
      const isMadeGood = order !== undefined && (letter.topic === 'claims.won' || isCancelled(order));
      if (!isMadeGood) open.push(shownPlace(letter));
    }
  }
  return { open, more };
}

/** Undefined for a letter of another drop; empty for one of this drop that does not say its claim. */
function claimOf({ message, source }: Letter, dropId: string): string | undefined {
  try {
    const event: unknown = JSON.parse(message.value);
    const data: unknown = Reflect.get(Object(event), 'data');
    const claimId: unknown = Reflect.get(Object(data), 'claimId');
    return Reflect.get(Object(data), 'dropId') === dropId ? String(claimId) : undefined;
  } catch {
    // The relay sets the script's own words aside, and says from which stream they were.
    return source.includes(`{${dropId}:`) ? (message.value.split('|')[0] ?? '') : undefined;
  }
}
