/** What is said in a checkout, and what of it the server believes. */
import Type, { type Static } from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { type AddressFields, findAddress } from '../../db/queries/addresses.ts';
import { findDefaultAddress } from '../../db/queries/checkouts/find-default-address.ts';
import { AddressForm, fieldsOf } from '../addresses/forms.ts';
import { Email } from '../auth/forms.ts';
import type { Owner } from '../cart/cart-store.ts';
import { Refusal } from '../plugins/problems.ts';
import type { StoreServices } from '../services.ts';

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

type Database = Parameters<typeof findAddress>[0];

/** Undefined where nothing was said. An address of somebody else is none. */
export async function saidAddress(
  database: Database,
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

export async function addressFor(
  { database }: Pick<StoreServices, 'database'>,
  owner: Owner,
  form: WhereForm,
): Promise<AddressFields> {
  const said = await saidAddress(database, owner.userId, form);
  const known = said ?? (owner.kind === 'guest' ? undefined : await findDefaultAddress(database, owner.userId));
  if (known === undefined) throw new Refusal('ADDRESS_REQUIRED');
  return known;
}
