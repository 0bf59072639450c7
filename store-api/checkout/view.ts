/** A checkout as its shopper sees it: amounts, where it goes, how it can travel and be paid, and until when it holds. */
import Type, { type Static } from 'typebox';
import { priceCheckout } from '../../commerce/checkout/price-checkout.ts';
import { DropgateError } from '../../contracts/errors.ts';
import type { CheckoutRow, CheckoutStatus } from '../../db/queries/checkouts/find-checkout.ts';
import { SentTo } from '../addresses/forms.ts';
import type { WayToPay } from './payment-choice.ts';
import type { CheckoutBody } from './stored-checkout.ts';

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const minor = Type.Integer({ minimum: 0, description: 'Minor units of the currency.' });
const Kind = Type.Union([Type.Literal('card'), Type.Literal('wallet'), Type.Literal('cod')]);

export const AmountsView = {
  subtotal: Type.Integer({ minimum: 0, description: 'subtotal − discount + tax + shipping = total.' }),
  discount: minor,
  tax: minor,
  taxIncluded: Type.Boolean({ description: 'Whether the prices shown have the tax inside.' }),
  shipping: minor,
  total: minor,
};

const STATUSES = ['OPEN', 'PLACED', 'CANCELLED', 'EXPIRED'] as const satisfies readonly CheckoutStatus[];

export const CheckoutView = Type.Object({
  id: Type.String({ description: 'The order that comes of it has the same id.' }),
  status: Type.Unsafe<CheckoutStatus>(Type.Union(STATUSES.map((status) => Type.Literal(status)))),
  currency: Type.String(),
  lines: Type.Array(
    Type.Object({
      ...{ line: Type.Integer(), sku: Type.String(), title: Type.String(), quantity: Type.Integer() },
      ...{ unitPrice: minor, discount: minor },
    }),
  ),
  ...AmountsView,
  promotions: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), discount: minor })),
  address: SentTo,
  email: nullable(Type.String()),
  shippingOption: Type.String(),
  shippingOptions: Type.Array(
    Type.Object({ id: Type.String(), title: Type.String(), cost: minor, days: Type.Array(Type.Integer()) }),
  ),
  parcels: Type.Array(
    Type.Object({
      items: Type.Array(Type.Object({ line: Type.Integer(), sku: Type.String(), quantity: Type.Integer() })),
    }),
    { description: 'How it will be sent: one parcel for each seller and warehouse.' },
  ),
  payment: nullable(Type.Object({ kind: Kind, methodId: nullable(Type.String()) })),
  waysToPay: Type.Array(
    Type.Object({
      ...{ kind: Kind, methodId: nullable(Type.String()) },
      ...{ brand: nullable(Type.String()), last4: nullable(Type.String()) },
    }),
  ),
  expiresAt: Type.Integer({ description: 'Until then its units are set aside and its amounts hold.' }),
});
export type CheckoutView = Static<typeof CheckoutView>;

type Shown = Pick<CheckoutRow, 'id' | 'status' | 'currency' | 'expiresAtMs'>;

export function viewOfCheckout(checkout: Shown, body: CheckoutBody, ways: readonly WayToPay[]): CheckoutView {
  const { id, status, currency, expiresAtMs } = checkout;
  return {
    ...{ id, status, currency },
    lines: body.lines.map(({ line, sku, title, quantity, unitPriceMinor, discountMinor }) => ({
      ...{ line, sku, title, quantity, unitPrice: unitPriceMinor, discount: discountMinor },
    })),
    ...amountsOf(body),
    promotions: body.promotions.map(({ discountMinor, ...promotion }) => ({ ...promotion, discount: discountMinor })),
    ...{ address: body.address, email: body.email, shippingOption: body.shippingOption },
    shippingOptions: optionsOf(currency, body),
    parcels: parcelsOf(body),
    payment: body.payment === null ? null : { kind: body.payment.kind, methodId: body.payment.methodId },
    waysToPay: ways.map((way) => ({ ...way })),
    expiresAt: expiresAtMs,
  };
}

function amountsOf({ amounts, tax }: CheckoutBody) {
  const { itemsMinor, discountMinor, taxMinor, shippingMinor, totalMinor } = amounts;
  return {
    ...{ subtotal: itemsMinor, discount: discountMinor, tax: taxMinor, taxIncluded: tax === 'included' },
    ...{ shipping: shippingMinor, total: totalMinor },
  };
}

function optionsOf(currency: string, body: CheckoutBody): CheckoutView['shippingOptions'] {
  const priced = priceCheckout({ ...questionOf(currency, body), shippingOption: body.shippingOption });
  if (!priced.ok) throw new DropgateError('INTERNAL', `a checkout cannot be priced any more: ${priced.problem}`);
  return priced.price.options.map(({ option: { id, title, days }, costMinor }) => ({
    ...{ id, title, cost: costMinor, days: [...days] },
  }));
}

export function questionOf(currency: string, { lines, address, freeShipping }: CheckoutBody) {
  const destination = { country: address.country, ...(address.area === '' ? {} : { area: address.area }) };
  return { lines, currency, destination, freeShipping };
}

function parcelsOf({ lines, parts }: CheckoutBody): CheckoutView['parcels'] {
  const merchantOf = new Map(lines.map(({ line, merchantId }) => [line, merchantId]));
  const parcels = Map.groupBy(parts, ({ line, warehouseId }) => `${merchantOf.get(line)} ${warehouseId}`);
  return [...parcels.values()].map((items) => ({
    items: items.map(({ line, sku, quantity }) => ({ line, sku, quantity })),
  }));
}
