import Type, { type Static } from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { PromotionBenefit, PromotionConditions, PromotionStacking } from '../../contracts/promotions.ts';
import type { StoredPromotion } from '../../db/promotion-rows.ts';

const exact = { additionalProperties: false } as const;
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
// Not a union: of one, the validator would take 0 for null, and a limit of nothing for no limit.
const integerOrNull = (minimum: number, maximum: number) =>
  Type.Unsafe<number | null>({ type: ['integer', 'null'], minimum, maximum });
const time = () => integerOrNull(1, 8_640_000_000_000_000);
const limit = () => integerOrNull(1, 1_000_000_000);
const state = () => Type.Union([Type.Literal('active'), Type.Literal('paused'), Type.Literal('ended')]);

const parts = {
  title: Type.String({ minLength: 1, maxLength: LIMITS.titleChars }),
  benefit: PromotionBenefit,
  conditions: PromotionConditions,
  stacking: PromotionStacking,
  priority: Type.Integer({ minimum: -1_000, maximum: 1_000 }),
  startsAt: time(),
  endsAt: time(),
  totalLimit: limit(),
  perUserLimit: limit(),
  state: state(),
};

export const PromotionBody = Type.Object(
  {
    ...{ title: parts.title, benefit: parts.benefit },
    conditions: Type.Optional(parts.conditions),
    stacking: Type.Optional(parts.stacking),
    priority: Type.Optional(parts.priority),
    startsAt: Type.Optional(parts.startsAt),
    endsAt: Type.Optional(parts.endsAt),
    totalLimit: Type.Optional(parts.totalLimit),
    perUserLimit: Type.Optional(parts.perUserLimit),
    codeKind: Type.Optional(
      Type.Union([Type.Literal('none'), Type.Literal('shared'), Type.Literal('single')], {
        description: 'none applies by itself; shared has one code for all; single has one-time codes, made in batches.',
      }),
    ),
    code: Type.Optional(Type.String({ minLength: 3, maxLength: LIMITS.couponChars })),
    merchantId: Type.Optional(
      nullable(Type.String({ pattern: UUID_V7_PATTERN, description: 'Only for admins; null for all of the shop.' })),
    ),
  },
  exact,
);
export type PromotionBody = Static<typeof PromotionBody>;

export const PromotionPatch = Type.Object(
  { ...Type.Partial(Type.Object(parts)).properties, version: Type.Integer() },
  exact,
);
export type PromotionPatch = Static<typeof PromotionPatch>;

export const PromotionView = Type.Object({
  ...parts,
  id: Type.String(),
  merchantId: nullable(Type.String()),
  codeKind: Type.String(),
  code: nullable(Type.String()),
  version: Type.Integer(),
  uses: Type.Optional(Type.Object({ committed: Type.Integer(), reserved: Type.Integer() })),
});
export type PromotionView = Static<typeof PromotionView>;

export function viewOfPromotion({ rule, startsAtMs, endsAtMs, ...rest }: StoredPromotion): PromotionView {
  return { ...rest, ...rule, startsAt: startsAtMs, endsAt: endsAtMs };
}
