import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LINE_PATTERN } from '../auth/forms.ts';

const line = (most: number, least = 0) => Type.String({ minLength: least, maxLength: most, pattern: LINE_PATTERN });

const fields = {
  recipient: line(200, 1),
  line1: line(200, 1),
  line2: Type.Optional(line(200)),
  city: line(200, 1),
  area: Type.Optional(Type.String({ maxLength: 200, pattern: LINE_PATTERN, description: 'State, province, county.' })),
  postalCode: Type.Optional(line(20)),
  country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1, two letters.' }),
  phone: Type.Optional(line(40)),
  isDefault: Type.Optional(Type.Boolean()),
};

export const AddressForm = Type.Object(fields, { additionalProperties: false });

/** Where something goes, as it is kept and shown: nothing is left out. */
export const PLACE_FIELDS = {
  recipient: Type.String({ description: 'Who receives it.' }),
  line1: Type.String(),
  line2: Type.String(),
  city: Type.String(),
  area: Type.String(),
  postalCode: Type.String(),
  country: Type.String(),
  phone: Type.String(),
};
export const SentTo = Type.Object(PLACE_FIELDS);
export const Address = Type.Object({ id: Type.String(), ...PLACE_FIELDS, isDefault: Type.Boolean() });

export const ById = Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) });

/** What was left out is empty, not as it was: a PUT replaces. */
export function fieldsOf({
  line2 = '',
  area = '',
  postalCode = '',
  phone = '',
  ...form
}: Type.Static<typeof AddressForm>) {
  return { ...form, line2, area, postalCode, phone };
}
