import Type from 'typebox';
import { findMerchantRating } from '../../db/queries/reviews/ratings.ts';
import { PUBLIC_THING, tagAnswer } from '../caching/etag.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { Summary, shownSummary } from './read-routes.ts';
import { ById, tags } from './schemas.ts';

export function sellerRatingRoute(app: StoreApp, { catalog }: StoreServices): void {
  const Answer = Type.Object({ merchantId: Type.String(), name: Type.String(), rating: Summary });
  app.get(
    '/merchants/:id/rating',
    {
      config: { access: EVERYBODY, priority: 'low' },
      onSend: tagAnswer,
      schema: {
        summary: 'What a seller is rated by those who bought from them',
        description: 'The stars of all published reviews of what they sell, of verified buyers only.',
        ...{ tags, params: ById, response: { 200: Answer, 404: Problem } },
      },
    },
    async ({ params: { id } }, reply) => {
      const found = await catalog.reads.read((database) => findMerchantRating(database, id));
      if (found === undefined) throw new Refusal('NOT_FOUND');
      reply.header('cache-control', PUBLIC_THING);
      return { merchantId: id, name: found.name, rating: shownSummary(found) };
    },
  );
}
