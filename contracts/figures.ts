/**
 * What is counted: the names of analytics.event, and of each the values that it carries. Values are numbers, booleans and
 * short texts of few kinds, and ids of things; never who somebody is. The shopper is the subject of the event, by id alone.
 */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { CURRENCY_PATTERN, SKU_PATTERN } from './drop.ts';
import { encodeEvent } from './events/codec.ts';
import { minor, units, uuid } from './events/envelope.ts';
import { REGION_PATTERN } from './regions.ts';

const exact = { additionalProperties: false } as const;
const currency = () => Type.String({ pattern: CURRENCY_PATTERN });
const label = () => Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$' });

/** Of one payment of one order; the subject of the event is the order. */
const payment = () => ({
  sku: Type.String({ pattern: SKU_PATTERN }),
  quantity: units(),
  amount: minor(),
  currency: currency(),
  payment: label(),
  /** Not in events of before it was told. */
  paymentId: Type.Optional(uuid()),
  region: Type.Optional(Type.String({ pattern: REGION_PATTERN.source })),
  reason: Type.Optional(Type.String({ maxLength: 200 })),
});

/** Where recommended products were shown: for whom, by which arm of the experiment, from which model. */
const place = () => ({ place: label(), arm: label(), model: Type.String({ maxLength: 64 }) });

export const FIGURES = {
  'product.viewed': Type.Object(
    {
      productId: uuid(),
      from: Type.Union([
        Type.Literal('search'),
        Type.Literal('list'),
        Type.Literal('recommendation'),
        Type.Literal('link'),
      ]),
    },
    exact,
  ),
  'search.done': Type.Object({ results: Type.Integer({ minimum: 0 }), isCorrected: Type.Boolean() }, exact),
  'cart.added': Type.Object(
    { productId: uuid(), sku: Type.String({ pattern: SKU_PATTERN }), quantity: units() },
    exact,
  ),
  'checkout.started': Type.Object({ checkoutId: uuid(), items: units(), amount: minor(), currency: currency() }, exact),
  'order.placed': Type.Object({ orderId: uuid(), items: units(), amount: minor(), currency: currency() }, exact),
  'order.confirmed': Type.Object(payment(), exact),
  'order.cancelled': Type.Object(payment(), exact),
  'payment.captured': Type.Object(payment(), exact),
  'payment.failed': Type.Object(payment(), exact),
  'refund.done': Type.Object({ refundId: uuid(), orderId: uuid(), amount: minor(), currency: currency() }, exact),
  /** `products`: how many were shown. */
  'recommendation.shown': Type.Object({ ...place(), products: Type.Integer({ minimum: 0 }) }, exact),
  'recommendation.clicked': Type.Object({ ...place(), productId: uuid() }, exact),
} as const;

export type FigureName = keyof typeof FIGURES;
export type FigureValues<N extends FigureName> = Static<(typeof FIGURES)[N]>;

export const FIGURE_NAMES = Object.keys(FIGURES).filter(isFigureName);

export function isFigureName(text: string): text is FigureName {
  return Object.hasOwn(FIGURES, text);
}

export interface Figure<N extends FigureName = FigureName> {
  readonly name: N;
  readonly values: FigureValues<N>;
  readonly dropId: string | null;
  /** The shopper; of orders and payments the order. */
  readonly subjectId: string | null;
}

export type AnyFigure = { [N in FigureName]: Figure<N> }[FigureName];

/** The event that carries a figure. */
export function figureEvent<N extends FigureName>(head: { id: string; at: number }, figure: Figure<N>): string {
  const { name, values, dropId, subjectId } = figure;
  const scalars = Object.entries<string | number | boolean | undefined>(values);
  const given: Record<string, string | number | boolean> = {};
  for (const [key, value] of scalars) if (value !== undefined) given[key] = value;
  return encodeEvent({
    ...{ type: 'analytics.event', v: 1, id: head.id, at: head.at },
    data: { name, dropId, subjectId, values: given },
  });
}

type Checkers = { readonly [N in FigureName]: { Check(value: unknown): value is FigureValues<N> } };

function checkerOf<N extends FigureName>(name: N): { Check(value: unknown): value is FigureValues<N> } {
  const compiled = Compile(FIGURES[name]);
  return { Check: (value): value is FigureValues<N> => compiled.Check(value) };
}

const checkers: Checkers = {
  'product.viewed': checkerOf('product.viewed'),
  'search.done': checkerOf('search.done'),
  'cart.added': checkerOf('cart.added'),
  'checkout.started': checkerOf('checkout.started'),
  'order.placed': checkerOf('order.placed'),
  'order.confirmed': checkerOf('order.confirmed'),
  'order.cancelled': checkerOf('order.cancelled'),
  'payment.captured': checkerOf('payment.captured'),
  'payment.failed': checkerOf('payment.failed'),
  'refund.done': checkerOf('refund.done'),
  'recommendation.shown': checkerOf('recommendation.shown'),
  'recommendation.clicked': checkerOf('recommendation.clicked'),
};

/** Of more than any order has: a number that no sum can hold would be delivered again for ever. */
const MOST = 1e13;

/** The values of a figure, or undefined where they are not what its name promises. */
export function figureValues<N extends FigureName>(name: N, values: unknown): FigureValues<N> | undefined {
  const checker = checkers[name];
  if (!checker.Check(values)) return undefined;
  const scalars = Object.values<unknown>(values);
  return scalars.every((value) => typeof value !== 'number' || value <= MOST) ? values : undefined;
}
