/** What is said in a checkout, and what of it the server believes. */
import Type, { type Static } from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { type AddressFields, findAddress } from '../../db/queries/addresses.ts';
import { findDefaultAddress } from '../../db/queries/checkouts/find-default-address.ts';
import type { Asking } from '../../platform/connections/postgres-together.ts';
import { AddressForm, fieldsOf } from '../addresses/forms.ts';
import { Email } from '../auth/forms.ts';
import type { Owner } from '../cart/cart-store.ts';
import { Refusal } from '../plugins/problems.ts';

export const Uuid = Type.String({ pattern: UUID_V7_PATTERN });

const ShipTo = Type.Omit(AddressForm, ['isDefault'], { additionalProperties: false });
export const PaymentForm = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('card'),
      token: Type.String({
        pattern: '^[A-Za-z0-9_:-]{1,255}$',
        description: 'What the payment provider calls the card.',
      }),
    },
    { additionalProperties: false },
  ),
  Type.Object({ kind: Type.Union([Type.Literal('wallet'), Type.Literal('cod')]) }, { additionalProperties: false }),
]);

const where = {
  addressId: Type.Optional(Uuid),
  address: Type.Optional(ShipTo),
  shippingOption: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  paymentMethodId: Type.Optional(Uuid),
  paymentMethod: Type.Optional(PaymentForm),
};

export const CheckoutForm = Type.Object(
  { ...where, email: Type.Optional(Email) },
  {
    additionalProperties: false,
    description: 'Without an address it goes to the default one. Guests give an address and where they are told of it.',
  },
);
export const ChangeForm = Type.Object(where, { additionalProperties: false, minProperties: 1 });
export type WhereForm = Static<typeof ChangeForm>;

/** Undefined where nothing was said. An address of somebody else is none. */
export async function saidAddress(
  database: Asking,
  userId: string,
  { addressId, address }: WhereForm,
): Promise<AddressFields | undefined> {
  if (address !== undefined && addressId !== undefined) {
    throw new Refusal('INVALID', { detail: 'An address or the id of one, not both.' });
  }
  if (address !== undefined) return fieldsOf(address);
  if (addressId === undefined) return undefined;
  const found = await findAddress(database, userId, addressId);
  if (found === undefined) throw new Refusal('NOT_FOUND', { detail: 'You have no address with this id.' });
  const { id: _id, isDefault: _isDefault, ...fields } = found;
  return fields;
}

/** What is said, or the default address of an account; asked for at once. */
export async function addressFor(asking: Asking, owner: Owner, form: WhereForm): Promise<AddressFields> {
  const isSaid = form.address !== undefined || form.addressId !== undefined;
  const isKnown = !isSaid && owner.kind === 'user';
  const found = await (isKnown ? findDefaultAddress(asking, owner.userId) : saidAddress(asking, owner.userId, form));
  if (found === undefined) throw new Refusal('ADDRESS_REQUIRED');
  return found;
}
