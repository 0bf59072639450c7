import Type from 'typebox';
import { fromHex } from '../../contracts/draw/bytes.ts';
import { decodeChunk } from '../../contracts/draw/chunk.ts';
import { ENTRANT_ID_PATTERN } from '../../contracts/draw/entrant.ts';
import { FairnessReport } from '../../contracts/draw/fairness.ts';
import { type DrawProof, proofOf } from '../../contracts/draw/proof.ts';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { findDrawChunkOf } from '../../db/queries/find-draw-chunk.ts';
import { findFairness } from '../../db/queries/find-fairness.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { reportOf } from './report.ts';
import { createTreeCache } from './trees.ts';

const Query = Type.Object(
  {
    entrant: Type.Optional(
      Type.String({ pattern: ENTRANT_ID_PATTERN, description: 'The public name of a ticket whose proof is wanted.' }),
    ),
  },
  { additionalProperties: false },
);

export function getFairnessRoute(app: StoreApp, { database }: StoreServices): void {
  const trees = createTreeCache(database);

  async function findProof(dropId: string, entrants: number, entrantId: string): Promise<DrawProof | undefined> {
    const [known, found] = await Promise.all([trees.of(dropId), findDrawChunkOf(database, dropId, fromHex(entrantId))]);
    if (known === undefined || found === undefined) return undefined;
    return proofOf(entrantId, { ...known, entrants, chunk: found.chunk, drawn: decodeChunk(found.data) });
  }

  app.get(
    '/drops/:id/fairness',
    {
      config: { access: EVERYBODY },
      schema: {
        summary: 'The draw of a lottery: its commit, and after the draw its seed and the proof of an entrant',
        tags: ['drops'],
        params: Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) }),
        querystring: Query,
        response: { 200: FairnessReport, 404: Problem },
      },
    },
    async ({ params: { id }, query: { entrant } }, reply) => {
      const fairness = await findFairness(database, id);
      if (fairness === undefined) return refuse(reply, 'NOT_FOUND', 'There is no draw of such a drop.');
      const report = reportOf(id, fairness);
      if (entrant === undefined) return report;
      if (report.state !== 'drawn') return { ...report, proof: null };
      const proof = await findProof(id, report.entrants ?? 0, entrant);
      return proof === undefined ? refuse(reply, 'NOT_FOUND', 'There is no such entrant.') : { ...report, proof };
    },
  );
}
