/**
 * What merchants send. The forms are wide on purpose: what is out of range is told by commerce/drops, all of it at once and
 * with the figures, where a form would name the first field that it does not like.
 */
import Type, { type Static } from 'typebox';
import { CURRENCY_PATTERN, SKU_PATTERN } from '../../contracts/drop.ts';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { REGION_PATTERN } from '../../contracts/regions.ts';
import { Line, Uuid } from '../products/schemas.ts';

const exact = { additionalProperties: false } as const;
const optional = Type.Optional;

const Count = (description: string) => Type.Integer({ minimum: -(2 ** 31), maximum: 2 ** 31 - 1, description });
const Time = (description: string) => Type.Integer({ minimum: 0, maximum: 2 ** 48 - 1, description });
const Price = Type.Integer({
  minimum: 0,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Minor units; that of the shop unless given.',
});
const Sku = Type.String({ pattern: SKU_PATTERN });
const Allocation = Type.Record(Type.String({ pattern: REGION_PATTERN.source }), Count('Units.'), {
  maxProperties: LIMITS.regionsPerDrop,
  additionalProperties: false,
  description: 'Units by region.',
});
const AllocationForm = Type.Union([Allocation, Type.Literal('proposed')], {
  description:
    'Units by region, or `proposed`: `units` are divided by past demand, as POST /seller/drops/proposal shows.',
});
export type AllocationForm = Static<typeof AllocationForm>;
const Units = optional(Count('To be divided among the regions; only with allocation `proposed`.'));

const Item = Type.Object(
  { sku: Sku, title: optional(Line()), price: optional(Price), allocation: AllocationForm, units: Units },
  { ...exact, description: 'One of several items of a drop.' },
);

const LaneForm = Type.Object(
  {
    name: Type.String({ maxLength: 64 }),
    weight: Count('How fast it moves, next to the others.'),
    tier: Type.String({ maxLength: 64, description: 'Whose lane it is; everybody else takes the first one.' }),
  },
  exact,
);

const fields = {
  title: optional(Line()),
  sku: optional(Sku),
  skus: optional(Type.Array(Item, { maxItems: 2 * LIMITS.skusPerDrop, description: 'Instead of sku.' })),
  price: optional(Price),
  currency: optional(Type.String({ pattern: CURRENCY_PATTERN })),
  mode: optional(Type.Union([Type.Literal('lottery'), Type.Literal('fifo')])),
  lobbyOpensAt: optional(Time('Ten minutes before the start unless given.')),
  endsAt: optional(Time('An hour after the start unless given.')),
  allocation: optional(AllocationForm),
  units: Units,
  perShopperLimit: optional(Count('Units for one shopper.')),
  holdSeconds: optional(Count('Time to pay.')),
  passSeconds: optional(Count('Time to choose, once admitted.')),
  admission: optional(
    Type.Object({ perSecond: optional(Count('Shoppers a second.')), maxActive: optional(Count('At once.')) }, exact),
  ),
  lanes: optional(Type.Array(LaneForm, { maxItems: 64 })),
  challenge: optional(Type.Union([Type.Literal('off'), Type.Literal('auto'), Type.Literal('always')])),
};

export const NewDropForm = Type.Object(
  {
    ...fields,
    startsAt: Time('Epoch milliseconds.'),
    merchantId: optional(Type.String({ pattern: UUID_V7_PATTERN, description: 'Given by admins only.' })),
  },
  exact,
);
export type NewDropForm = Static<typeof NewDropForm>;

export const DropChangeForm = Type.Object(
  { ...fields, startsAt: optional(Time('Epoch milliseconds.')) },
  { ...exact, minProperties: 1 },
);
export type DropChangeForm = Static<typeof DropChangeForm>;

export const ById = Type.Object({ id: Uuid() });
