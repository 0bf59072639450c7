/** What the routes of recommendations share: their forms, and how cards are made for who asks. */
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { ALL } from '../caching/catalog.ts';
import { wantedLanguages } from '../products/language.ts';
import { Currency, Uuid } from '../products/schemas.ts';
import { rateTable } from '../products/show.ts';
import type { StoreServices } from '../services.ts';
import { Card, cardsOf } from './cards.ts';
import type { Ranking } from './ideas.ts';

const PLACES = ['home', 'cart', 'product'] as const;
export type Place = (typeof PLACES)[number];
export const PlaceName = Type.Unsafe<Place>(Type.Union(PLACES.map((place) => Type.Literal(place))));

export const listQuery = {
  limit: Type.Integer({ minimum: 1, maximum: LIMITS.recommendationsPerAnswer, default: 12 }),
  currency: Type.Optional({ ...Currency(), description: 'Prices are also shown in it.' }),
};
export const ProductParams = Type.Object({ id: Uuid() });

export const ListAnswer = Type.Object({
  items: Type.Array(Card),
  model: Type.Union([Type.String(), Type.Null()], {
    description: 'The version of the model; null where there is none, or none can be reached.',
  }),
});

export interface Asked {
  readonly limit: number;
  readonly currency?: string;
}

export async function showRanking(
  { catalog }: Pick<StoreServices, 'catalog'>,
  request: FastifyRequest,
  asked: Asked,
  ranking: Ranking,
  cart: readonly string[] = [],
) {
  const known = asked.currency === undefined ? undefined : await catalog.rates.get(ALL);
  return await cardsOf(
    { catalog },
    {
      ...{ ranking, limit: asked.limit, cart, currency: asked.currency, rates: rateTable(known?.rates ?? []) },
      languages: wantedLanguages(request.headers['accept-language']),
    },
  );
}
