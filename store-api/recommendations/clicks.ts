import Type from 'typebox';
import { armLabel, armOf, NO_ARM } from '../../commerce/experiments/arms.ts';
import { callerOf, SIGNED_IN_OR_GUEST } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import { Uuid } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { PlaceName } from './asked.ts';
import type { RecommendationParts } from './parts.ts';
import { wasShown } from './shown.ts';

export function clickRoute(app: StoreApp, services: StoreServices, { served }: RecommendationParts): void {
  const { catalog, figures } = services;
  app.post(
    '/recommendations/clicks',
    {
      config: { access: SIGNED_IN_OR_GUEST, priority: 'low' },
      schema: {
        summary: 'Tells that the shopper followed a recommendation',
        description:
          'It is counted; in an experiment only what the shopper was shown in the last day, and once a product.',
        tags: ['recommendations'],
        body: Type.Object({ productId: Uuid(), place: PlaceName }, { additionalProperties: false }),
        response: { 204: Type.Null(), 400: Problem, 401: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const { userId: subjectId } = callerOf(request);
      const { productId, place } = request.body;
      if ((await catalog.products.get(productId))?.status !== 'active') return refuse(reply, 'NOT_FOUND');
      const { experiment, version } = await served.now();
      const arm = experiment === undefined ? undefined : armOf(experiment, subjectId);
      const isCounted =
        experiment !== undefined &&
        arm !== undefined &&
        (await wasShown(services, experiment.name, subjectId, productId));
      const label = isCounted ? armLabel(experiment.name, arm.name) : NO_ARM;
      const clicked = { place, arm: label, model: version ?? 'none', productId };
      figures.note('recommendation.clicked', clicked, { subjectId });
      return reply.code(204).send(null);
    },
  );
}
