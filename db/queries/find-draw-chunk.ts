import type { ClientBase, Pool } from 'pg';

export interface FoundChunk {
  readonly chunk: number;
  readonly data: Buffer;
}

export async function findDrawChunk(
  database: Pool | ClientBase,
  dropId: string,
  chunk: number,
): Promise<FoundChunk | undefined> {
  const { rows } = await database.query<FoundChunk>({
    name: 'find-draw-chunk',
    text: 'select chunk, data from draw_chunks where drop_id = $1 and chunk = $2',
    values: [dropId, chunk],
  });
  return rows[0];
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
