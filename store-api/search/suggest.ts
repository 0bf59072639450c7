import { EVERYBODY } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { SuggestAnswer, SuggestQuery } from './schemas.ts';

export function suggestRoute(app: StoreApp, { search }: StoreServices): void {
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
    async ({ query }) => await search.suggest(query.q, query.limit),
  );
}
