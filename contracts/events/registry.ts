/** Which versions of which events there are. Adding a version adds a line here and a fixture; nothing is ever removed. */
import type { Static } from 'typebox';
import { ClaimReleasedV1, ClaimWonV1, ClaimWonV2 } from './claims.ts';
import { OrderCreatedV1, OrderStatusV1, OrderStatusV2, PaymentCompletedV1, PaymentFailedV1 } from './orders.ts';
import {
  AnalyticsEventV1,
  CacheInvalidateV1,
  InventoryUpdatedV1,
  NotificationEmailV1,
  NotificationEmailV2,
} from './surroundings.ts';

export const EVENT_SCHEMAS = [
  ClaimWonV1,
  ClaimWonV2,
  ClaimReleasedV1,
  OrderCreatedV1,
  OrderStatusV1,
  OrderStatusV2,
  PaymentCompletedV1,
  PaymentFailedV1,
  InventoryUpdatedV1,
  NotificationEmailV1,
  NotificationEmailV2,
  AnalyticsEventV1,
  CacheInvalidateV1,
] as const;

export type DropgateEvent = Static<(typeof EVENT_SCHEMAS)[number]>;
export type EventOf<T extends DropgateEvent['type']> = Extract<DropgateEvent, { type: T }>;
