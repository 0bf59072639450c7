import Type from 'typebox';
import { armLabel, armOf, type Experiment, NO_ARM } from '../../commerce/experiments/arms.ts';
import type { HybridWeights } from '../../commerce/recommendations/hybrid.ts';
import { SHED } from '../flags/flags.ts';
import { callerOf } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import { Uuid } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ListAnswer, listQuery, type Place, PlaceName, showRanking } from './asked.ts';
import { POPULAR, type Ranking } from './ideas.ts';
import type { RecommendationParts } from './parts.ts';
import type { Served } from './served.ts';
import { rememberShown } from './shown.ts';

const Answer = Type.Object({
  ...ListAnswer.properties,
  place: PlaceName,
  experiment: Type.Union([Type.Object({ name: Type.String(), arm: Type.String() }), Type.Null()], {
    description: 'The experiment that runs and the arm of this shopper; null where they are in none.',
  }),
});

export function personalRoute(app: StoreApp, services: StoreServices, parts: RecommendationParts): void {
  const { flags, recommendationWeights } = services;
  const { served, known, ideas, productsOfSkus } = parts;
  app.get(
    '/recommendations/:userId',
    {
      config: { access: { to: 'own', param: 'userId', orRoles: ['support', 'admin'], guests: true }, priority: 'low' },
      schema: {
        summary: 'What could suit a shopper, the best first',
        description:
          'From what people like them buy, what is like what they bought and looked at, what trends, and this session. Nothing that they bought lately, have in the cart, or that is sold out.',
        tags: ['recommendations'],
        params: Type.Object({ userId: Uuid() }),
        querystring: Type.Object(
          {
            place: Type.Optional({ ...PlaceName, default: 'home', description: 'The page that they are for.' }),
            product: Type.Optional({ ...Uuid(), description: 'The product whose page it is.' }),
            ...listQuery,
          },
          { additionalProperties: false },
        ),
        response: { 200: Answer, 400: Problem, 401: Problem, 403: Problem },
      },
    },
    async (request, reply) => {
      const { params, query } = request;
      const { place = 'home', product } = query;
      if (flags.sheds('recommendations')) {
        reply.header(SHED, 'recommendations');
        const items = await showRanking(services, request, query, popularOnly(await served.now()));
        return { items, model: null, place, experiment: null };
      }
      const now = await served.now();
      const { experiment, weights } = placeIn(now.experiment, params.userId, recommendationWeights);
      const about = await known.of(params.userId, now.version);
      const cartProducts = place === 'cart' ? await productsOfSkus(about.cart) : [];
      const ranking = await ideas.answer({ served: now, known: about, weights, cartProducts, product });
      const items = await showRanking(services, request, query, ranking, about.cart);
      const model = now.version ?? null;
      // What support looks at was shown to nobody.
      if (callerOf(request).userId === params.userId)
        noteShown(services, params.userId, { place, model, experiment, items });
      return { items, model, place, experiment };
    },
  );
}

type Placed = { readonly name: string; readonly arm: string } | null;

/** The experiment that the shopper is in, and what their recommendations weigh. */
function placeIn(running: Experiment | undefined, shopperId: string, usual: HybridWeights) {
  const arm = running === undefined ? undefined : armOf(running, shopperId);
  const experiment: Placed = running === undefined || arm === undefined ? null : { name: running.name, arm: arm.name };
  return { experiment, weights: arm?.weights ?? usual };
}

function noteShown(
  services: StoreServices,
  subjectId: string,
  shown: { place: Place; model: string | null; experiment: Placed; items: readonly { readonly id: string }[] },
): void {
  const { place, model, experiment, items } = shown;
  if (items.length === 0) return;
  const arm = experiment === null ? NO_ARM : armLabel(experiment.name, experiment.arm);
  const values = { place, arm, model: model ?? 'none', products: items.length };
  services.figures.note('recommendation.shown', values, { subjectId });
  if (experiment !== null) rememberShown(services, experiment.name, subjectId, items);
}

/** The same for all: nothing is asked for one of them. */
export function popularOnly({ popular }: Served): Ranking {
  return { productIds: popular.map(({ productId }) => productId), reasonOf: () => POPULAR };
}
