import Type from 'typebox';
import { MERCHANT_STATUSES, type MerchantProfile, type StoredMerchant } from '../../db/queries/merchants/merchants.ts';
import { Email, LINE_PATTERN } from '../auth/forms.ts';

const exact = { additionalProperties: false } as const;
const line = (maxLength: number, minLength = 0) => Type.String({ minLength, maxLength, pattern: LINE_PATTERN });

const fields = {
  name: { ...line(200, 1), description: 'As shoppers read it.' },
  legalName: { ...line(200, 1), description: 'As it stands on invoices.' },
  country: Type.String({ pattern: '^[A-Z]{2}$', description: 'Where the business is: ISO 3166, two letters.' }),
  taxNumber: line(40),
  contactEmail: Email,
  line1: line(200),
  postalCode: line(20),
  city: line(200),
};

export const Application = Type.Object(
  {
    ...fields,
    taxNumber: Type.Optional(fields.taxNumber),
    line1: Type.Optional(fields.line1),
    postalCode: Type.Optional(fields.postalCode),
    city: Type.Optional(fields.city),
  },
  exact,
);
export const ProfileChange = Type.Partial(Type.Object(fields), { ...exact, minProperties: 1 });

export const StatusName = Type.Unsafe<(typeof MERCHANT_STATUSES)[number]>(
  Type.Union(MERCHANT_STATUSES.map((status) => Type.Literal(status))),
);

export const Merchant = Type.Object({
  id: Type.String(),
  name: Type.String(),
  legalName: Type.String(),
  country: Type.String(),
  taxNumber: Type.String(),
  contactEmail: Type.String(),
  line1: Type.String(),
  postalCode: Type.String(),
  city: Type.String(),
  status: StatusName,
  note: Type.String({ description: 'Why they were declined or suspended.' }),
  appliedAt: Type.Integer(),
  decidedAt: Type.Union([Type.Integer(), Type.Null()]),
});

/** What was looked at when they were let in: only an admin's decision stands behind it. */
const CHECKED = ['legalName', 'country', 'taxNumber'] as const;

/** The first of the fields that may not be changed any more. */
export function fixedField(before: StoredMerchant, after: MerchantProfile): string | undefined {
  if (before.status !== 'active') return undefined;
  return CHECKED.find((name) => before[name] !== after[name]);
}
