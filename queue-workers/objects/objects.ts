/** Removes objects that nothing names any more: of reviews that are gone, and of uploads that broke off. */
import { LIMITS } from '../../contracts/limits.ts';
import { abandonUploads, endRemovals, takeRemovals } from '../../db/queries/reviews/object-removals.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { ObjectStore } from '../../platform/objects/objects.ts';
import { type CountedLoop, type Repeated, repeatCounted } from '../repeat.ts';

export interface ObjectsOptions {
  readonly database: Database;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limit?: number;
}

const WORK = { abandoned: abandon, removed: removeDue, tidied: tidy } as const;
export type ObjectsWork = keyof typeof WORK;
const KINDS: readonly ObjectsWork[] = ['abandoned', 'removed', 'tidied'];

export async function workOnObjects(kind: ObjectsWork, options: ObjectsOptions): Promise<number> {
  return await WORK[kind](options);
}

async function abandon({ database, limit = LIMITS.objectsBatch }: ObjectsOptions): Promise<number> {
  return await abandonUploads(database, limit);
}

/** One that the store does not give up comes back later, and holds up none of the others. */
async function removeDue({ database, objects, log, limit = LIMITS.objectsBatch }: ObjectsOptions): Promise<number> {
  const keys = await takeRemovals(database, limit);
  const gone: string[] = [];
  for (const key of keys) {
    try {
      await objects.remove(key);
      gone.push(key);
    } catch (error) {
      log.warn({ err: error, key }, 'an object could not be removed; it is tried again later');
    }
  }
  await endRemovals(database, gone);
  return keys.length;
}

async function tidy({ objects, clock }: ObjectsOptions): Promise<number> {
  await objects.tidy(clock.now());
  return 0;
}

export interface ObjectsLoop extends ObjectsOptions, CountedLoop<ObjectsWork> {}

export function startObjects(options: ObjectsLoop): Repeated {
  return repeatCounted(options, {
    kinds: KINDS,
    most: options.limit ?? LIMITS.objectsBatch,
    work: (kind) => workOnObjects(kind, options),
    trouble: 'objects could not be looked after, trying again',
  });
}
