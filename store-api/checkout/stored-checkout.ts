/** A checkout as it is written down. What is read back is checked: it may have been written by another version of this. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { DropgateError } from '../../contracts/errors.ts';
import { SentTo } from '../addresses/forms.ts';

const Minor = Type.Integer({ minimum: 0 });
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Kind = Type.Union([Type.Literal('card'), Type.Literal('wallet'), Type.Literal('cod')]);

const Body = Type.Object({
  lines: Type.Array(
    Type.Object({
      line: Type.Integer({ minimum: 1 }),
      sku: Type.String(),
      productId: Type.String(),
      merchantId: Type.String(),
      title: Type.String(),
      quantity: Type.Integer({ minimum: 1 }),
      unitPriceMinor: Minor,
      discountMinor: Minor,
      /** Null where tax is inside the price. */
      taxMinor: nullable(Minor),
    }),
  ),
  address: SentTo,
  email: nullable(Type.String()),
  shippingOption: Type.String(),
  /** Of each line where its units are, one part a warehouse. */
  parts: Type.Array(
    Type.Object({
      line: Type.Integer({ minimum: 1 }),
      sku: Type.String(),
      warehouseId: Type.String(),
      quantity: Type.Integer({ minimum: 1 }),
    }),
  ),
  promotions: Type.Array(Type.Object({ id: Type.String(), title: Type.String(), discountMinor: Minor })),
  coupons: Type.Array(Type.String()),
  freeShipping: Type.Boolean(),
  tax: Type.Union([Type.Literal('included'), Type.Literal('added')]),
  amounts: Type.Object({
    itemsMinor: Minor,
    discountMinor: Minor,
    taxMinor: Minor,
    shippingMinor: Minor,
    totalMinor: Minor,
  }),
  payment: nullable(Type.Object({ kind: Kind, methodId: nullable(Type.String()), token: nullable(Type.String()) })),
});
export type CheckoutBody = Static<typeof Body>;
export type CheckoutLine = CheckoutBody['lines'][number];
export type PaymentChoice = NonNullable<CheckoutBody['payment']>;

const compiled = Compile(Body);
const isBody = (value: unknown): value is CheckoutBody => compiled.Check(value);

export function readBody(value: unknown): CheckoutBody {
  if (!isBody(value)) throw new DropgateError('INTERNAL', 'a checkout that was written down is none');
  return value;
}
