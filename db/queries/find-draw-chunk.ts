import type { ClientBase, Pool } from 'pg';

export interface FoundChunk {
  readonly chunk: number;
  readonly data: Buffer;
}

/** Chunks in their order, from one on. */
export async function findDrawChunks(
  database: Pool | ClientBase,
  dropId: string,
  range: { readonly from: number; readonly count: number },
): Promise<FoundChunk[]> {
  const { rows } = await database.query<FoundChunk>({
    name: 'find-draw-chunks',
    text: 'select chunk, data from draw_chunks where drop_id = $1 and chunk >= $2 and chunk < $3 order by chunk',
    values: [dropId, range.from, range.from + range.count],
  });
  return rows;
}

/** The chunk that an entrant would be in. */
export async function findDrawChunkOf(
  database: Pool | ClientBase,
  dropId: string,
  entrantId: Uint8Array,
): Promise<FoundChunk | undefined> {
  const { rows } = await database.query<FoundChunk>({
    name: 'find-draw-chunk-of',
    text: `select chunk, data from draw_chunks where drop_id = $1 and first_entrant <= $2
      order by first_entrant desc limit 1`,
    values: [dropId, Buffer.from(entrantId)],
  });
  return rows[0];
}

export interface DrawRoots {
  readonly entrantRoots: Buffer;
  readonly placeRoots: Buffer;
}

/** The roots of all chunks of a draw that is stored: with a chunk, all that a proof needs. */
export async function findDrawRoots(database: Pool | ClientBase, dropId: string): Promise<DrawRoots | undefined> {
  const { rows } = await database.query<DrawRoots>({
    name: 'find-draw-roots',
    text: `select entrant_roots as "entrantRoots", place_roots as "placeRoots" from draws
      where drop_id = $1 and drawn_at is not null`,
    values: [dropId],
  });
  return rows[0];
}
