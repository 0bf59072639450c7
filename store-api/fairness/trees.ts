/** The trees of the last few draws that somebody asked a proof of. A draw that is stored never changes. */
import { layersOf } from '../../contracts/draw/merkle.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { findDrawRoots } from '../../db/queries/find-draw-chunk.ts';
import type { Database } from '../../platform/connections/postgres.ts';

export interface DrawTrees {
  readonly entrantLayers: readonly Uint8Array[];
  readonly placeLayers: readonly Uint8Array[];
}

export interface TreeCache {
  of(dropId: string): Promise<DrawTrees | undefined>;
}

export function createTreeCache(database: Database): TreeCache {
  const known = new Map<string, Promise<DrawTrees | undefined>>();

  async function read(dropId: string): Promise<DrawTrees | undefined> {
    const roots = await findDrawRoots(database, dropId);
    if (roots === undefined) return undefined;
    return { entrantLayers: layersOf(roots.entrantRoots), placeLayers: layersOf(roots.placeRoots) };
  }

  return {
    async of(dropId) {
      const reading = known.get(dropId) ?? read(dropId);
      // Taken out and put in again: the first of the map is the one that was not asked for the longest.
      known.delete(dropId);
      known.set(dropId, reading);
      const [oldest] = known.keys();
      if (known.size > LIMITS.drawCacheEntries && oldest !== undefined) known.delete(oldest);
      const forget = (): void => {
        if (known.get(dropId) === reading) known.delete(dropId);
      };
      try {
        const trees = await reading;
        if (trees === undefined) forget();
        return trees;
      } catch (error) {
        forget();
        throw error;
      }
    },
  };
}
