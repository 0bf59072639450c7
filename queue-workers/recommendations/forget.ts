/** People who were erased: their lists go within seconds, and the models after it do not know them. */
import { LIMITS } from '../../contracts/limits.ts';
import { findForgottenSince, findToForget, noteForgotten } from '../../db/queries/recommendations/forgotten.ts';
import { findServed, listModels } from '../../db/queries/recommendations/models.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { ModelStore } from './model-store.ts';

export interface ForgetOptions {
  readonly database: Database;
  readonly store: ModelStore;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';
/** Who began to be erased before a training read, but was not yet committed then. */
const UNDER_WAY_MS = 60_000;
/** The served one, the one before, and one under way. */
const MODELS_WITH_LISTS = 8;

/** Removes the lists of a batch of them; says how many there were. */
export async function forgetErased({ database, store }: ForgetOptions): Promise<number> {
  const userIds = await findToForget(database, LIMITS.forgottenBatch);
  if (userIds.length === 0) return 0;
  // Read after the people: a model that is served from now on is looked through by its training.
  const [current, served, newest] = [
    await store.current(),
    await findServed(database),
    await listModels(database, MODELS_WITH_LISTS),
  ];
  const versions = new Set(newest.map(({ version }) => version));
  if (current !== null) versions.add(current);
  if (served !== undefined) versions.add(served.version);
  await store.removeUsers([...versions], userIds);
  await noteForgotten(database, userIds);
  return userIds.length;
}

/** Of a model that was read at a time: everybody who was erased since. */
export async function removeForgottenSince(
  { database, store }: ForgetOptions,
  version: string,
  readAtMs: number,
): Promise<void> {
  let after = FIRST_ID;
  for (;;) {
    const page = { sinceMs: readAtMs - UNDER_WAY_MS, after, limit: LIMITS.forgottenBatch };
    const userIds = await findForgottenSince(database, page);
    await store.removeUsers([version], userIds);
    after = userIds.at(-1) ?? after;
    if (userIds.length < LIMITS.forgottenBatch) return;
  }
}
