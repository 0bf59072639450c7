import { SHED } from '../flags/flags.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { SuggestAnswer, SuggestQuery } from './schemas.ts';

const NOTHING = { queries: [], categories: [], brands: [], products: [] };

export function suggestRoute(app: StoreApp, { search, flags }: StoreServices): void {
  app.get(
    '/search/suggest',
    {
      config: { access: EVERYBODY },
      schema: {
        summary: 'What a half-typed search may become',
        tags: ['search'],
        querystring: SuggestQuery,
        response: { 200: SuggestAnswer, 400: Problem, 503: Problem },
      },
    },
    async ({ query }, reply) => {
      if (!flags.sheds('suggestions')) return await search.suggest(query.q, query.limit);
      reply.header(SHED, 'suggestions');
      return NOTHING;
    },
  );
}
