import { readDeliveryRoutes, replayRoutes, testWebhookRoute } from './deliveries.ts';
import { changeWebhookRoutes, createWebhookRoute, readWebhookRoutes } from './endpoints.ts';

export const WEBHOOK_ROUTES = [
  ...[readWebhookRoutes, createWebhookRoute, changeWebhookRoutes],
  ...[readDeliveryRoutes, replayRoutes, testWebhookRoute],
] as const;
