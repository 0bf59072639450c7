/** Floor and ceiling of an article: prices are suggested of nothing else. */
import Type from 'typebox';
import { dropPriceBounds, findPriceBounds, setPriceBounds } from '../../db/queries/forecast/price-bounds.ts';
import { findVariantContent, type StoredContent } from '../../db/queries/forecast/variant-content.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import { BySku } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { actAsSeller } from '../users/privileged.ts';
import { BoundsAnswer, BoundsBody, refusals, tags } from './forms.ts';

const config = { access: sellers('catalog') };

export function priceBoundsRoutes(app: StoreApp, services: StoreServices): void {
  const { database } = services;
  const own = async (sku: string, merchantId: string | null): Promise<StoredContent> => {
    const found = await findVariantContent(database, sku, merchantId);
    if (found === undefined) throw new Refusal('NOT_FOUND');
    return found;
  };

  app.get(
    '/seller/variants/:sku/price-bounds',
    {
      config,
      schema: {
        summary: 'Floor and ceiling of suggested prices',
        tags,
        params: BySku,
        response: { 200: BoundsAnswer, ...refusals },
      },
    },
    async (request) => {
      const { sku } = request.params;
      await own(sku, merchantOf(callerOf(request)));
      const bounds = await findPriceBounds(database, sku);
      if (bounds === undefined) throw new Refusal('NOT_FOUND', { detail: `${sku} has no floor and no ceiling yet.` });
      return { sku, ...bounds };
    },
  );

  app.put(
    '/seller/variants/:sku/price-bounds',
    {
      config,
      schema: {
        summary: 'Sets floor and ceiling: from the next night on prices are suggested for the article',
        ...{ tags, params: BySku, body: BoundsBody, response: { 200: BoundsAnswer, ...refusals } },
      },
    },
    async (request) => {
      const { sku } = request.params;
      const caller = callerOf(request);
      const { currency } = await own(sku, merchantOf(caller));
      const { floor, ceiling, cost = null } = request.body;
      if (floor > ceiling) throw invalid(`floor: ${floor} is above the ceiling of ${ceiling}.`);
      if (cost !== null && floor < cost) throw invalid(`floor: ${floor} is below the cost of ${cost}.`);
      const bounds = { floor, ceiling, cost, currency };
      const act = { action: 'price-bounds.set', subjectKind: 'variant', subjectId: sku };
      await actAsSeller(services, caller, act, (client) => setPriceBounds(client, sku, bounds));
      return { sku, ...bounds };
    },
  );

  app.delete(
    '/seller/variants/:sku/price-bounds',
    {
      config,
      schema: {
        summary: 'No prices are suggested for the article any more',
        ...{ tags, params: BySku, response: { 204: Type.Null(), ...refusals } },
      },
    },
    async (request, reply) => {
      const { sku } = request.params;
      const caller = callerOf(request);
      await own(sku, merchantOf(caller));
      const act = { action: 'price-bounds.removed', subjectKind: 'variant', subjectId: sku };
      await actAsSeller(services, caller, act, async (client) => {
        const wereThere = await dropPriceBounds(client, sku);
        if (!wereThere) throw new Refusal('NOT_FOUND', { detail: `${sku} has no floor and no ceiling.` });
      });
      return reply.code(204).send(null);
    },
  );
}

const invalid = (detail: string) => new Refusal('INVALID', { detail });
