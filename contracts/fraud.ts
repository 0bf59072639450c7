/** What an order is judged by, and what the model said: kept with a review, and shown to who decides about it. */
import Type, { type Static } from 'typebox';

const count = () => Type.Integer({ minimum: 0 });
const unknown = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/**
 * What is known of an order at the moment it is judged: no name, no address and no mail address. Null is what nobody knows
 * then: it neither helps nor harms.
 */
export const FraudFacts = Type.Object({
  accountAgeMs: Type.Number({ minimum: 0, description: 'Of a guest: since they came.' }),
  accountBlocked: Type.Boolean({ description: 'The account was blocked by somebody.' }),
  totalMinor: count(),
  currency: Type.String(),
  addressesDiffer: unknown(
    Type.Boolean({ description: 'The goods go elsewhere than home. Unknown for a claim, which has no address yet.' }),
  ),
  ordersWithinHour: Type.Integer({
    minimum: 0,
    description: 'Of this shopper within the last hour, this one included.',
  }),
  flags: Type.Array(Type.String(), { description: 'What is known of the shopper (risk_flags).' }),
  isGuest: Type.Boolean(),
  disposableMail: unknown(Type.Boolean({ description: 'The mail address is one of those that are thrown away.' })),
  hour: Type.Integer({ minimum: 0, maximum: 23, description: 'Of the day, UTC.' }),
  units: Type.Integer({ minimum: 1, description: 'How many pieces are bought.' }),
  earlierOrders: unknown(Type.Integer({ minimum: 0, description: 'Orders of this shopper that were paid.' })),
  failedPayments: unknown(
    Type.Integer({ minimum: 0, description: 'Tries of this shopper to pay that failed within a day.' }),
  ),
  accountsOnDevice: unknown(
    Type.Integer({
      minimum: 0,
      description: 'Accounts that signed in on the same device within a week, this one included.',
    }),
  ),
});
export type FraudFacts = Static<typeof FraudFacts>;

export const FraudOpinion = Type.Object({
  /** Of the model. */
  version: Type.Integer(),
  probability: Type.Number({ minimum: 0, maximum: 1, description: 'That it is fraud, as the model says.' }),
  points: Type.Integer(),
  contributions: Type.Array(
    Type.Object({
      feature: Type.String(),
      value: unknown(Type.Number({ description: 'As the model sees it; null is not known.' })),
      weight: Type.Number({ description: 'Above nothing it speaks for fraud, below against it.' }),
    }),
    { description: 'Those that counted most.' },
  ),
  others: Type.Optional(
    Type.Number({
      description:
        'What the others add up to, with what every order begins with. It and the weights above are the logarithm of the odds.',
    }),
  ),
});
export type FraudOpinion = Static<typeof FraudOpinion>;
