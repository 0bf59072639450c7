import Type from 'typebox';
import { SKU_PATTERN } from '../../contracts/drop.ts';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { sellerOf } from './create.ts';
import { allocationOf, type ProposedItem, proposeItems } from './propose.ts';

const exact = { additionalProperties: false } as const;

const ProposalForm = Type.Object(
  {
    skus: Type.Array(
      Type.Object(
        {
          sku: Type.String({ pattern: SKU_PATTERN }),
          units: Type.Integer({ minimum: 1, maximum: LIMITS.unitsPerSku }),
        },
        exact,
      ),
      { minItems: 1, maxItems: LIMITS.proposedItems },
    ),
    merchantId: Type.Optional(Type.String({ pattern: UUID_V7_PATTERN, description: 'Given by admins only.' })),
  },
  exact,
);

const ProposalAnswer = Type.Object({
  items: Type.Array(
    Type.Object({
      ...{ sku: Type.String(), title: Type.String(), units: Type.Integer() },
      allocation: Type.Record(Type.String(), Type.Integer(), { description: 'As a drop takes it.' }),
      basis: Type.String({ description: 'What speaks most: article, drops, category, shop, or even: nothing does.' }),
      why: Type.String({ description: 'The figures in sentences.' }),
      regions: Type.Array(
        Type.Object({
          ...{ region: Type.String(), units: Type.Integer(), share: Type.Number() },
          expected: Type.Number({ description: 'Units that the store is expected to sell there in four weeks.' }),
          sold: Type.Integer({ description: 'Units that earlier drops sold there in a year.' }),
          refused: Type.Integer({ description: 'Units that they had to refuse there, as far as it counts.' }),
        }),
      ),
    }),
  ),
});

export function proposalRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/seller/drops/proposal',
    {
      config: { access: sellers('drops'), idempotency: 'none' },
      schema: {
        summary: 'How units of a drop would be divided among the regions, by past demand, and why',
        description: 'Changes nothing. A drop takes it with `"allocation": "proposed", "units": n`.',
        tags: ['seller drops'],
        body: ProposalForm,
        response: { 200: ProposalAnswer, 400: Problem, 403: Problem, 404: Problem },
      },
    },
    async (request) => {
      const { skus, merchantId: named } = request.body;
      const merchantId = sellerOf(callerOf(request), named);
      const proposed = await proposeItems(services, services.database, merchantId, skus);
      return { items: proposed.map(shown) };
    },
  );
}

function shown(item: ProposedItem) {
  const { sku, title, basis } = item;
  if (title === undefined) throw new Refusal('NOT_FOUND', { detail: `There is no article ${sku} of this merchant.` });
  const regions = item.regions.map(({ region, units, share, everyday, dropUnits, unmetUnits }) => ({
    ...{ region, units, share: Math.round(share * 1_000) / 1_000, expected: Math.round(everyday * 10) / 10 },
    ...{ sold: dropUnits, refused: unmetUnits },
  }));
  const units = regions.reduce((sum, one) => sum + one.units, 0);
  return { sku, title, units, allocation: allocationOf(item), basis, why: whyOf(item), regions };
}

const LEVELS: Readonly<Record<ProposedItem['basis'], string>> = {
  article: 'what this article was asked for',
  drops: 'what earlier drops of the merchant were asked for',
  category: 'what its category is asked for',
  shop: 'what the whole shop is asked for',
  even: 'nothing that is known, so evenly',
};

function whyOf({ weights, regions }: ProposedItem): string {
  const parts = Object.entries(LEVELS)
    .map(([level, words]) => ({
      words,
      percent: Math.round(100 * (Object.entries(weights).find(([name]) => name === level)?.[1] ?? 0)),
    }))
    .filter(({ percent }) => percent > 0)
    .map(({ words, percent }) => `${percent} % by ${words}`);
  const [first] = regions.toSorted((a, b) => b.units - a.units);
  const most = first === undefined ? '' : ` Most go to ${first.region}: ${first.units}.`;
  return `Divided ${parts.join(', ')}.${most} No region is left out while there is a unit for each.`;
}
