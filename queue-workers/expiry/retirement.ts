/** Looks at all drops now and then, and lets the keys of those that are over go. Doing it twice changes nothing. */
import { setTimeout as delay } from 'node:timers/promises';
import { INTERVALS } from '../../contracts/limits.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { Drops } from '../../reservation-core/drops.ts';
import type { Keys } from '../../reservation-core/keys.ts';
import { retireDrop } from '../../reservation-core/retire.ts';
import type { Shards } from '../../reservation-core/shards.ts';

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

export function startRetirement(options: RetirementOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await retireAll(options).catch((error: unknown) => {
        options.log.warn({ err: error }, 'the list of drops could not be read, trying again later');
      });
      await delay(INTERVALS.retireEveryMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
