/**
 * One draw, step by step. Everything of it follows from the list of entrants and the seed, and both are fixed before it
 * begins: whoever has to begin again, after a crash or without the lead, comes to the same end.
 */
import { DRAW_ALGORITHM } from '../../contracts/draw/algorithm.ts';
import { compareBytes, toHex } from '../../contracts/draw/bytes.ts';
import { ENTRANT_ID_BYTES } from '../../contracts/draw/entrant.ts';
import { DropgateError } from '../../contracts/errors.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { findDrawSeed } from '../../db/queries/find-draw-seed.ts';
import { storeDraw } from '../../db/queries/store-draw.ts';
import { tellDrawRoot } from '../../db/queries/tell-draw-root.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import type { Draw } from '../../reservation-core/draw.ts';
import type { Computation } from './computation.ts';
import { type Placements, placeAll } from './place-all.ts';
import { readEntrants } from './read-entrants.ts';

export interface DrawDropOptions {
  readonly draw: Draw;
  readonly database: Database;
  readonly computation: Computation;
  /** Told after each step how long it took. */
  step(name: DrawStep, tookMs: number): void;
}

export type DrawStep = 'read' | 'sort' | 'compute' | 'store' | 'place';

export interface Drawn extends Placements {
  readonly entrants: number;
  readonly root: string;
  readonly placesRoot: string;
  readonly duplicates: number;
}

/** For a drop whose lobby is closed, with `listed` records. */
export async function drawDrop(
  options: DrawDropOptions,
  dropId: string,
  listed: number,
  until: AbortSignal,
): Promise<Drawn> {
  const { draw, database, computation } = options;
  const secret = await findDrawSeed(database, dropId);
  if (secret === undefined) throw new DropgateError('NOT_FOUND', `there is no seed for the draw of ${dropId}`);
  const { seed, commit, iterations } = secret;

  const timed = async <T>(name: DrawStep, doing: () => Promise<T>): Promise<T> => {
    until.throwIfAborted();
    const fromMs = performance.now();
    const result = await doing();
    options.step(name, performance.now() - fromMs);
    return result;
  };

  if (listed > LIMITS.placesPerDrop) throw new DropgateError('TOO_LARGE', `${listed} entrants are too many to draw`);
  const records = await timed('read', () => readEntrants(draw, dropId, listed, until));
  const sorted = await timed('sort', () => computation.sort({ records }));
  const { list, shoppers, entrantRoots, root, duplicates } = sorted;
  const { count: entrants } = list;

  // Stored and told before the slow step: from here on another list would be noticed by everybody.
  const told = await tellDrawRoot(database, { dropId, commit, algorithm: DRAW_ALGORITHM, iterations, entrants, root });
  if (compareBytes(told.root, root) !== 0) throw anotherList(dropId, toHex(told.root), toHex(root));
  const answer = await draw.tellRoot(dropId, toHex(root));
  if (answer.reply === 'OTHER') throw anotherList(dropId, answer.root, toHex(root));

  const drawn = await timed('compute', () => computation.draw({ list, root, seed, iterations }));
  const { places, placeRoots, placesRoot } = drawn;
  const chunks = drawn.chunks.map((data) => ({ firstEntrant: data.subarray(0, ENTRANT_ID_BYTES), data }));
  if (!told.isDrawn) {
    const result = { dropId, seed, entrantRoots, placeRoots, placesRoot, chunks };
    await timed('store', () => withTransaction(database, (client) => storeDraw(client, result)));
  }
  const placements = await timed('place', () => placeAll({ draw, dropId, shoppers, places, until }));
  await draw.open(dropId);
  return { ...placements, entrants, root: toHex(root), placesRoot: toHex(placesRoot), duplicates };
}

function anotherList(dropId: string, told: string, now: string): DropgateError {
  return new DropgateError(
    'INTERNAL',
    `the list of entrants of ${dropId} is not the one whose root was told (${told}, now ${now}): nothing is drawn`,
    { retryable: false },
  );
}
