import Type from 'typebox';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { WEBHOOK_EVENT_NAMES } from '../../contracts/webhooks.ts';
import { LINE_PATTERN } from '../auth/forms.ts';
import { Problem } from '../plugins/problems.ts';
import { Uuid } from '../products/schemas.ts';

export const tags = ['webhooks'];
export const refusals = {
  400: Problem,
  401: Problem,
  403: Problem,
  404: Problem,
  409: Problem,
  422: Problem,
  503: Problem,
};

const exact = { additionalProperties: false } as const;
const nullableTime = (description: string) => Type.Union([Type.Integer(), Type.Null()], { description });

const fields = {
  url: Type.String({
    ...{ minLength: 8, maxLength: 2_000 },
    description: 'Outside development https, and one that everybody can reach.',
  }),
  events: Type.Array(Type.Union(WEBHOOK_EVENT_NAMES.map((name) => Type.Literal(name))), {
    ...{ minItems: 1, maxItems: 100, uniqueItems: true },
  }),
  description: Type.String({ maxLength: 200, pattern: LINE_PATTERN }),
};

export const NewWebhook = Type.Object({ ...fields, description: Type.Optional(fields.description) }, exact);
export const WebhookChange = Type.Partial(Type.Object({ ...fields, isEnabled: Type.Boolean() }), {
  ...exact,
  minProperties: 1,
});

const shown = {
  ...{ id: Type.String(), url: Type.String(), description: Type.String(), events: Type.Array(Type.String()) },
  isEnabled: Type.Boolean(),
  disabledWhy: Type.Union([Type.Literal('merchant'), Type.Literal('failing'), Type.Null()]),
  secretVersion: Type.Integer(),
  previousSecretUntil: nullableTime('Until when the secret before it is good as well.'),
  failures: Type.Integer({ description: 'Tries in a row that failed.' }),
  failingSince: nullableTime('Null while the last try was a good one.'),
  lastSuccessAt: nullableTime('Null until there was one.'),
  createdAt: Type.Integer(),
};
export const Webhook = Type.Object(shown);
export const WebhookWithSecret = Type.Object({
  ...shown,
  secret: Type.String({ description: 'Shown this once. Signatures are checked with it (docs/WEBHOOKS.md).' }),
});

export const OVERLAP_MS = 24 * 3_600_000;
export const Rotation = Type.Object(
  {
    overlapMs: Type.Optional(
      Type.Integer({
        ...{ minimum: 0, maximum: LIFETIMES.webhookSecretOverlapMs, default: OVERLAP_MS },
        description: 'How long messages are signed with the old secret as well.',
      }),
    ),
  },
  exact,
);

export const State = Type.Union([Type.Literal('waiting'), Type.Literal('delivered'), Type.Literal('dead')]);
const delivery = {
  ...{ id: Type.String(), eventId: Type.String({ description: 'The header webhook-id.' }), type: Type.String() },
  state: State,
  tries: Type.Integer(),
  nextTryAt: nullableTime('Null of one that has ended.'),
  lastTryAt: nullableTime('Null before the first.'),
  lastStatus: Type.Union([Type.Integer(), Type.Null()]),
  lastError: Type.Union([Type.String(), Type.Null()], { description: 'Why there was no answer.' }),
  ...{ createdAt: Type.Integer(), endedAt: nullableTime('Null while it waits.') },
};
export const Delivery = Type.Object(delivery);
export const Deliveries = Type.Object({
  items: Type.Array(Delivery),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});
export const WholeDelivery = Type.Object({
  ...delivery,
  body: Type.String({ description: 'As it is sent.' }),
  lastAnswer: Type.Union([Type.String(), Type.Null()], {
    description: `What the receiver answered, up to ${LIMITS.webhookAnswerBytes} bytes.`,
  }),
});
export const OfDelivery = Type.Object({ id: Uuid(), deliveryId: Uuid() });
