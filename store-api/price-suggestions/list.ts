import Type from 'typebox';
import { listPriceSuggestions } from '../../db/queries/forecast/price-suggestions.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { merchantOf } from '../products/own.ts';
import { Sku, Uuid } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { exact, refusals, State, SuggestionPage, tags } from './forms.ts';
import { showSuggestion } from './show.ts';

export function listSuggestionsRoute(app: StoreApp, { database, clock }: StoreServices): void {
  app.get(
    '/seller/price-suggestions',
    {
      config: { access: sellers('catalog') },
      schema: {
        summary: 'Prices that are suggested, with what they should bring and why, the newest first',
        description: 'Only for articles with a floor and a ceiling. None is applied by itself.',
        tags,
        querystring: Type.Object(
          {
            sku: Type.Optional(Sku()),
            state: Type.Optional(State),
            cursor: Type.Optional(Uuid()),
            limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
          },
          exact,
        ),
        response: { 200: SuggestionPage, ...refusals },
      },
    },
    async (request) => {
      const { sku = null, state = 'open', cursor = null, limit } = request.query;
      const found = await listPriceSuggestions(database, {
        ...{ merchantId: merchantOf(callerOf(request)), sku, state, before: cursor },
        ...{ nowMs: clock.now(), limit: limit + 1 },
      });
      const items = found.slice(0, limit).map(showSuggestion);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
}
