/** Brings the newest revision of a drop to the home and the regions. Doing it again changes nothing. */
import type { DropDefinition } from '../../contracts/drop.ts';
import { publishedDefinition } from '../../db/drop-rows.ts';
import { isKnownToHaveBegun, notePublished, noteTrouble } from '../../db/queries/drops/publications.ts';
import { findDrop } from '../../db/queries/find-drop.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import { type Drops, RegionsUnreachable } from '../../reservation-core/drops.ts';

export type Published =
  | { readonly done: true }
  | { readonly done: false; readonly trouble: string; readonly regions: readonly string[]; readonly cause?: unknown };

const LOST =
  'The home has forgotten this drop, which has been published before: its units are not given out a second time. ' +
  'Rebuild it (npm run rebuild -- --drop ID).';

interface PublishOptions {
  readonly database: Database;
  readonly drops: Pick<Drops, 'publish' | 'find'>;
}

export async function publishDrop(options: PublishOptions, dropId: string): Promise<Published> {
  const { database } = options;
  const drop = await findDrop(database, dropId);
  const definition = drop === undefined ? undefined : publishedDefinition(drop);
  if (drop === undefined || definition === undefined) return { done: true };
  const published = await tryToPublish(options, definition);
  if (published.done) await notePublished(database, drop);
  else await noteTrouble(database, dropId, published);
  return published;
}

async function tryToPublish({ database, drops }: PublishOptions, drop: DropDefinition): Promise<Published> {
  try {
    // Invariant 1: stock that Redis forgot may have been sold; only a rebuild knows what is left of it.
    const isLost = (await drops.find(drop.id)) === undefined && (await isKnownToHaveBegun(database, drop.id));
    if (isLost) return { done: false, trouble: LOST, regions: [] };
    const answer = await drops.publish(drop);
    if (answer.reply !== 'OLDER') return { done: true };
    const trouble = `Redis has revision ${answer.revision} of this drop, which is newer than ${drop.revision} here.`;
    return { done: false, trouble, regions: [] };
  } catch (error) {
    const regions = error instanceof RegionsUnreachable ? error.regions : [];
    return { done: false, trouble: wordsOf(error, regions), regions, cause: error };
  }
}

function wordsOf(error: unknown, regions: readonly string[]): string {
  if (regions.length > 0) return `These regions cannot be reached: ${regions.join(', ')}. They are tried again.`;
  const words = error instanceof Error && error.message !== '' ? error.message : String(error);
  return words.slice(0, 500);
}
