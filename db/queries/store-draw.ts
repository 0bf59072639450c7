import type { ClientBase } from 'pg';

export interface StoredChunk {
  readonly firstEntrant: Uint8Array;
  readonly data: Uint8Array;
}

export interface DrawResult {
  readonly dropId: string;
  readonly seed: Uint8Array;
  readonly entrantRoots: Uint8Array;
  readonly placeRoots: Uint8Array;
  readonly placesRoot: Uint8Array;
  readonly chunks: readonly StoredChunk[];
}

const STORE = `
  update draws set seed = $2, entrant_roots = $3, place_roots = $4, places_root = $5, drawn_at = now()
  where drop_id = $1 and drawn_at is null`;

/** Inside the caller's transaction: the draw with its seed and all its chunks, or nothing. False when it is stored. */
export async function storeDraw(client: ClientBase, draw: DrawResult): Promise<boolean> {
  const { dropId, chunks } = draw;
  const bytes = [draw.seed, draw.entrantRoots, draw.placeRoots, draw.placesRoot].map((value) => Buffer.from(value));
  const { rowCount } = await client.query({ name: 'store-draw', text: STORE, values: [dropId, ...bytes] });
  if (rowCount !== 1) return false;
  // Row by row: a parameter of bytes goes as it is, an array of them as text of twice the size.
  for (const [chunk, { firstEntrant, data }] of chunks.entries()) {
    await client.query({
      name: 'store-draw-chunk',
      text: 'insert into draw_chunks (drop_id, chunk, first_entrant, data) values ($1, $2, $3, $4)',
      values: [dropId, chunk, Buffer.from(firstEntrant), Buffer.from(data.buffer, data.byteOffset, data.length)],
    });
  }
  return true;
}
