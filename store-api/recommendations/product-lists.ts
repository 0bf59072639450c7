import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { PUBLIC_LIST, tagAnswer, varyByLanguage } from '../caching/etag.ts';
import { SHED } from '../flags/flags.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ListAnswer, listQuery, ProductParams, showRanking } from './asked.ts';
import { POPULAR, type Ranking } from './ideas.ts';
import type { RecommendationParts } from './parts.ts';
import { popularOnly } from './personal.ts';

const ROUTES = [
  {
    at: '/products/:id/similar',
    list: 'similar',
    because: 'similar-to',
    summary: 'Products that are like one',
    description: 'Where nothing is known to be like it: what sells best, first of its category.',
  },
  {
    at: '/products/:id/bought-together',
    list: 'together',
    because: 'bought-together',
    summary: 'Products that were bought in the same orders as one',
    description: 'Empty where nothing was.',
  },
] as const;

export function productListRoutes(app: StoreApp, services: StoreServices, parts: RecommendationParts): void {
  const { catalog, flags } = services;
  const { served, ideas } = parts;

  /** One look at Redis. */
  async function rank(route: (typeof ROUTES)[number], productId: string, categoryId: string): Promise<Ranking> {
    const { version, popular } = await served.now();
    const isSimilar = route.list === 'similar';
    const { keys } = ideas;
    const wanted = version === undefined ? [] : [keys[route.list](version, productId)];
    const kind = version === undefined || !isSimilar ? [] : [keys.popularIn(version, categoryId)];
    const [near = [], ofKind = []] = await ideas.lists([...wanted, ...kind]);
    const known = new Set(near.map((one) => one.productId));
    const rest = isSimilar ? [...ofKind, ...popular].slice(0, LIMITS.recommendationIdeas) : [];
    return {
      productIds: [...new Set([...near, ...rest].map((one) => one.productId))].filter((id) => id !== productId),
      reasonOf: (id) => (known.has(id) ? { because: route.because, of: productId } : POPULAR),
    };
  }

  /** Nothing was bought together with what only sells well. */
  async function shedRanking(list: (typeof ROUTES)[number]['list']): Promise<Ranking> {
    return list === 'similar' ? popularOnly(await served.now()) : { productIds: [], reasonOf: () => POPULAR };
  }

  for (const route of ROUTES) {
    const { at, summary, description } = route;
    app.get(
      at,
      {
        config: { access: EVERYBODY, priority: 'low' },
        onSend: tagAnswer,
        schema: {
          ...{ summary, description, tags: ['recommendations'] },
          params: ProductParams,
          querystring: Type.Object(listQuery, { additionalProperties: false }),
          response: { 200: ListAnswer, 404: Problem },
        },
      },
      async (request, reply) => {
        const { id } = request.params;
        const product = await catalog.products.get(id);
        if (product === undefined || product.status !== 'active') return refuse(reply, 'NOT_FOUND');
        varyByLanguage(reply).header('cache-control', PUBLIC_LIST);
        const isShed = flags.sheds('recommendations');
        if (isShed) reply.header(SHED, 'recommendations');
        const ranking = await (isShed ? shedRanking(route.list) : rank(route, id, product.category.id));
        const items = await showRanking(services, request, request.query, ranking);
        const model = isShed ? null : ((await served.now()).version ?? null);
        return { items: items.filter((card) => card.id !== id), model };
      },
    );
  }
}
