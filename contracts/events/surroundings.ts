/** Events of the shop around the sale: stock on shelves, mail, figures, caches. */
import Type from 'typebox';
import { SKU_PATTERN } from '../drop.ts';
import { eventSchema, uuid } from './envelope.ts';

const exact = { additionalProperties: false } as const;

export const InventoryUpdatedV1 = eventSchema(
  'inventory.updated',
  1,
  Type.Object(
    {
      sku: Type.String({ pattern: SKU_PATTERN }),
      warehouseId: uuid(),
      onHand: Type.Integer({ minimum: 0 }),
      reserved: Type.Integer({ minimum: 0 }),
      reason: Type.String({ minLength: 1 }),
    },
    exact,
  ),
);

/** Names the recipient by id: the address is looked up when the mail is sent and never travels. */
export const NotificationEmailV1 = eventSchema(
  'notification.email',
  1,
  Type.Object(
    {
      userId: uuid(),
      template: Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }),
      language: Type.String({ pattern: '^[a-z]{2}(-[A-Z]{2})?$' }),
      values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    },
    exact,
  ),
);

/** Without a language: it is the recipient's, who may have changed it since. In version 1 it serves who has chosen none. */
export const NotificationEmailV2 = eventSchema(
  'notification.email',
  2,
  Type.Object(
    {
      userId: uuid(),
      /** One of contracts/notices.ts, which says what its values have to be. */
      template: Type.String({ pattern: '^[a-z][a-z0-9-]{0,63}$' }),
      values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
    },
    exact,
  ),
);

export const AnalyticsEventV1 = eventSchema(
  'analytics.event',
  1,
  Type.Object(
    {
      name: Type.String({ pattern: '^[a-z][a-z0-9_.]{0,63}$' }),
      dropId: Type.Union([uuid(), Type.Null()]),
      subjectId: Type.Union([uuid(), Type.Null()]),
      values: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
    },
    exact,
  ),
);

export const CacheInvalidateV1 = eventSchema(
  'cache.invalidate',
  1,
  Type.Object({ kind: Type.String({ minLength: 1 }), ids: Type.Array(Type.String(), { minItems: 1 }) }, exact),
);
