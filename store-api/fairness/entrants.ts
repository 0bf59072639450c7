import { Readable } from 'node:stream';
import Type from 'typebox';
import { toHex } from '../../contracts/draw/bytes.ts';
import { CHUNK_ENTRANTS, decodeChunk } from '../../contracts/draw/chunk.ts';
import type { EntrantLine } from '../../contracts/draw/fairness.ts';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { findDrawChunks } from '../../db/queries/find-draw-chunk.ts';
import { findFairness } from '../../db/queries/find-fairness.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';

const Query = Type.Object(
  {
    chunk: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: Math.ceil(LIMITS.placesPerDrop / CHUNK_ENTRANTS),
        description: `Only this part of the list, of ${CHUNK_ENTRANTS} entrants.`,
      }),
    ),
  },
  { additionalProperties: false },
);

export function listEntrantsRoute(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/drops/:id/fairness/entrants',
    {
      config: { access: EVERYBODY },
      schema: {
        summary: 'The entrants of a draw that is done, sorted by their public names: one JSON object a line',
        tags: ['drops'],
        params: Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) }),
        querystring: Query,
        response: {
          200: Type.Unsafe<Readable>(Type.String({ description: 'application/x-ndjson' })),
          404: Problem,
        },
      },
    },
    async ({ params: { id }, query: { chunk } }, reply) => {
      const fairness = await findFairness(database, id);
      const closed = fairness?.closed ?? null;
      if (closed === null || closed.drawn === null) {
        return refuse(reply, 'NOT_FOUND', 'There is no draw of such a drop, or it is not done yet.');
      }
      const chunks = Math.ceil(closed.entrants / CHUNK_ENTRANTS);
      const range = chunk === undefined ? { from: 0, end: chunks } : { from: chunk, end: Math.min(chunk + 1, chunks) };
      // It never changes any more.
      reply.type('application/x-ndjson').header('cache-control', 'public, max-age=31536000, immutable');
      return reply.send(Readable.from(linesOf(database, id, range), { objectMode: false }));
    },
  );
}

/** Read as fast as the reader takes them, a bounded number of chunks at a time. */
async function* linesOf(
  database: Database,
  dropId: string,
  range: { readonly from: number; readonly end: number },
): AsyncGenerator<string> {
  for (let from = range.from; from < range.end; ) {
    const count = Math.min(LIMITS.drawChunksRead, range.end - from);
    const found = await findDrawChunks(database, dropId, { from, count });
    if (found.length !== count) throw new Error(`the draw of ${dropId} misses chunks after ${from + found.length}`);
    yield found.map(({ data }) => textOf(data)).join('');
    from += count;
  }
}

function textOf(data: Uint8Array): string {
  return decodeChunk(data)
    .map(({ id, lane, nonce, place }) => {
      const line: EntrantLine = { entrantId: toHex(id), lane, nonce, place };
      return `${JSON.stringify(line)}\n`;
    })
    .join('');
}
