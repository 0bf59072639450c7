import type Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { SHED } from '../flags/flags.ts';
import { EVERYBODY } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import type { SearchFilters } from './engine.ts';
import { ProductsAnswer, ProductsQuery } from './schemas.ts';
import { createLikings, NO_LIKINGS } from './shopper.ts';

export function searchProductsRoute(app: StoreApp, services: StoreServices): void {
  const { search, clock, figures } = services;
  const likings = createLikings(services);
  app.get(
    '/search/products',
    {
      config: { access: EVERYBODY },
      schema: {
        summary: 'Products by words and filters, with facets',
        description: 'With a token, what its shopper bought or looked at comes a little earlier.',
        tags: ['search'],
        querystring: ProductsQuery,
        response: { 200: ProductsAnswer, 400: Problem, 503: Problem },
      },
    },
    async (request, reply) => {
      const { query } = request;
      const offset = Number(query.cursor ?? 0);
      if (offset >= LIMITS.searchCandidates) return refuse(reply, 'INVALID', 'No page lies this far down: narrow it.');
      const plan = planOf(services, query.facets);
      if (plan.shed.length > 0) reply.header(SHED, plan.shed.join(', '));
      const { hasMore, ...answer } = await search.search({
        text: query.q ?? '',
        filters: filtersOf(query),
        sort: query.sort,
        offset,
        limit: query.limit,
        nowMs: clock.now(),
        liked: plan.isPersonal ? await likings(request) : NO_LIKINGS,
        withFacets: plan.withFacets,
      });
      // The next page of the same search is no search of its own.
      if (offset === 0) {
        figures.note('search.done', { results: answer.total, isCorrected: answer.searchedFor !== null });
      }
      return { ...answer, nextCursor: hasMore ? String(offset + query.limit) : null };
    },
  );
}

/** What is done of what could be, and what is shed: `x-shed` tells. */
function planOf({ flags }: Pick<StoreServices, 'flags'>, wantsFacets: boolean) {
  const isPersonal = !flags.sheds('personal-ranking');
  const withFacets = wantsFacets && !flags.sheds('facets');
  const shed = [...(isPersonal ? [] : ['personal-ranking']), ...(withFacets === wantsFacets ? [] : ['facets'])];
  return { isPersonal, withFacets, shed };
}

function filtersOf(query: Type.Static<typeof ProductsQuery>): SearchFilters {
  const { priceMin, priceMax, ratingMin, inStock } = query;
  return {
    categoryIds: query.category ?? [],
    brandIds: query.brand ?? [],
    attributes: (query.attribute ?? []).map((attribute) => attribute.toLowerCase()),
    tags: (query.tag ?? []).map((tag) => tag.toLowerCase()),
    ...(priceMin === undefined ? {} : { priceMinMinor: priceMin }),
    ...(priceMax === undefined ? {} : { priceMaxMinor: priceMax }),
    ...(ratingMin === undefined ? {} : { ratingMin }),
    ...(inStock === undefined ? {} : { inStock }),
  };
}
