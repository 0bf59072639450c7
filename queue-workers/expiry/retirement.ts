/** Looks at all drops now and then, and lets the keys of those that are over go. Doing it twice changes nothing. */
import { INTERVALS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Drops } from '../../reservation-core/drops.ts';
import type { Keys } from '../../reservation-core/keys.ts';
import { retireDrop } from '../../reservation-core/retire.ts';
import type { Shards } from '../../reservation-core/shards.ts';
import { type Repeated, repeat } from '../repeat.ts';

export interface RetirementOptions {
  readonly shards: Shards;
  readonly keys: Keys;
  readonly drops: Pick<Drops, 'ids' | 'find'>;
  readonly clock: Clock;
  readonly log: Logger;
}

export async function retireAll({ shards, keys, drops, clock, log }: RetirementOptions): Promise<void> {
  for (const dropId of await drops.ids()) {
    try {
      const drop = await drops.find(dropId);
      if (drop === undefined) continue;
      if ((await retireDrop({ shards, keys }, drop, clock.now())) === 'retired')
        log.info({ dropId }, 'the drop is over');
    } catch (error) {
      log.warn({ err: error, dropId }, 'a drop could not be looked at, trying again later');
    }
  }
}

export function startRetirement(options: RetirementOptions): Repeated {
  return repeat({
    everyMs: INTERVALS.retireEveryMs,
    look: () => retireAll(options),
    failed: (error) => options.log.warn({ err: error }, 'the list of drops could not be read, trying again later'),
  });
}
