import Type from 'typebox';
import { REFERENCE_CURRENCY } from '../../commerce/money/convert.ts';
import { ALL } from '../caching/catalog.ts';
import { PUBLIC_THING, tagAnswer } from '../caching/etag.ts';
import { EVERYBODY } from '../plugins/access.ts';
import type { StoreApp, StoreServices } from '../services.ts';

export const Rate = Type.Object({
  currency: Type.String(),
  perReference: Type.String({ description: 'What one unit of the reference currency is in this one.' }),
  validFrom: Type.Integer(),
});

export function listRatesRoute(app: StoreApp, { catalog }: StoreServices): void {
  app.get(
    '/rates',
    {
      config: { access: EVERYBODY },
      onSend: tagAnswer,
      schema: {
        summary: 'The exchange rates by which prices are shown now',
        tags: ['rates'],
        response: { 200: Type.Object({ reference: Type.String(), items: Type.Array(Rate) }) },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', PUBLIC_THING);
      const known = await catalog.rates.get(ALL);
      return { reference: REFERENCE_CURRENCY, items: [...(known?.rates ?? [])] };
    },
  );
}
