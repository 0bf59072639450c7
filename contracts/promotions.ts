/** What a promotion takes off and for whom, as it is written down and sent. The meaning is that of commerce/promotions. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { CURRENCY_PATTERN } from './drop.ts';
import { UUID_V7_PATTERN } from './ids.ts';
import { LIMITS } from './limits.ts';

const exact = { additionalProperties: false } as const;
const amount = () => Type.Integer({ minimum: 1, maximum: LIMITS.priceMinor, description: 'Minor units.' });
const ppm = () => Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Parts per million: 100000 is 10 %.' });
const few = () => Type.Integer({ minimum: 1, maximum: LIMITS.cartUnitsPerLine });

export const PromotionBenefit = Type.Union([
  Type.Object({ kind: Type.Literal('percentage'), ppm: ppm(), maxMinor: Type.Optional(amount()) }, exact),
  Type.Object({ kind: Type.Literal('fixed'), amountMinor: amount() }, exact),
  Type.Object({ kind: Type.Literal('free-shipping') }, exact),
  Type.Object(
    { kind: Type.Literal('buy-x-get-y'), buy: few(), get: few(), ppm: ppm(), maxTimes: Type.Optional(few()) },
    exact,
  ),
]);

export const PromotionConditions = Type.Object(
  {
    minimumMinor: Type.Optional(amount()),
    currency: Type.Optional(Type.String({ pattern: CURRENCY_PATTERN, description: 'Of all amounts in it.' })),
    categoryId: Type.Optional(Type.String({ pattern: UUID_V7_PATTERN, description: 'And those below it.' })),
    skus: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: LIMITS.skuChars }), { minItems: 1, maxItems: 100 }),
    ),
    firstOrder: Type.Optional(Type.Boolean()),
    tiers: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 40 }), { minItems: 1, maxItems: 20 })),
  },
  exact,
);

export const PromotionStacking = Type.Union(
  [Type.Literal('stack'), Type.Literal('priority'), Type.Literal('best'), Type.Literal('exclusive')],
  { description: 'stack adds to others; of priority and best ones one counts; exclusive is used alone.' },
);

const PromotionRuleSchema = Type.Object({
  benefit: PromotionBenefit,
  conditions: PromotionConditions,
  stacking: PromotionStacking,
  priority: Type.Integer({ minimum: -1_000, maximum: 1_000 }),
});
export type PromotionRule = Static<typeof PromotionRuleSchema>;

const compiled = Compile(PromotionRuleSchema);
export const isPromotionRule = (value: unknown): value is PromotionRule => compiled.Check(value);

/** Why a rule cannot be: an amount has to say its currency. */
export function contradictionOf({
  benefit,
  conditions,
}: Pick<PromotionRule, 'benefit' | 'conditions'>): string | undefined {
  const hasAmount =
    benefit.kind === 'fixed' ||
    ('maxMinor' in benefit && benefit.maxMinor !== undefined) ||
    conditions.minimumMinor !== undefined;
  return hasAmount && conditions.currency === undefined ? 'Amounts need conditions.currency.' : undefined;
}

/** Codes are typed by people: capitals or not, with or without spaces and dashes. */
export function normalizeCode(typed: string): string | undefined {
  const code = typed.replaceAll(/[\s-]/g, '').toUpperCase();
  return /^[A-Z0-9]{3,32}$/.test(code) ? code : undefined;
}
