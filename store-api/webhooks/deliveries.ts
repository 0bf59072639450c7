/** What was sent to a webhook, what could not be, and sending it again. */
import Type from 'typebox';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { PING } from '../../contracts/webhooks.ts';
import {
  findDelivery,
  insertPing,
  listDeliveries,
  replayDead,
  replayDelivery,
} from '../../db/queries/webhooks/deliveries.ts';
import type { StoredEndpoint } from '../../db/queries/webhooks/endpoints.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { limit } from '../inventory/forms.ts';
import { callerOf } from '../plugins/access.ts';
import { Refusal, refuse } from '../plugins/problems.ts';
import { ById, Uuid } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { Deliveries, OfDelivery, refusals, State, tags, WholeDelivery } from './forms.ts';
import { keysOf, ownEndpoint, WEBHOOK_OWNERS } from './own.ts';

const config = { access: WEBHOOK_OWNERS };
const changing = { access: WEBHOOK_OWNERS, idempotency: 'own' } as const;

export function readDeliveryRoutes(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/seller/webhooks/:id/deliveries',
    {
      config,
      schema: {
        ...{ summary: 'What was sent to a webhook, the newest first', tags, params: ById },
        querystring: Type.Object(
          { state: Type.Optional(State), cursor: Type.Optional(Uuid()), limit },
          { additionalProperties: false },
        ),
        response: { 200: Deliveries, ...refusals },
      },
    },
    async (request) => {
      const { id: endpointId } = await ownEndpoint(database, request);
      const { state = null, cursor: before = null, limit } = request.query;
      const found = await listDeliveries(database, { endpointId, state, before, limit: limit + 1 });
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );

  app.get(
    '/seller/webhooks/:id/deliveries/:deliveryId',
    {
      config,
      schema: {
        ...{ summary: 'One delivery, with what was sent and answered', tags, params: OfDelivery },
        response: { 200: WholeDelivery, ...refusals },
      },
    },
    async (request, reply) => {
      const { id: endpointId } = await ownEndpoint(database, request);
      const found = await findDelivery(database, { endpointId, id: request.params.deliveryId });
      return found ?? refuse(reply, 'NOT_FOUND');
    },
  );
}

export function replayRoutes(app: StoreApp, services: StoreServices): void {
  app.post(
    '/seller/webhooks/:id/deliveries/:deliveryId/replay',
    {
      config: changing,
      schema: {
        summary: 'Sends one again, at once',
        description: 'Whatever became of it. The message has the same id, by which its receiver knows it.',
        ...{ tags, params: OfDelivery },
        response: { 200: WholeDelivery, ...refusals },
      },
    },
    (request, reply) =>
      idempotently(services, request, reply, async (client) => {
        const { id: endpointId } = await enabled(ownEndpoint(client, request));
        const own = { endpointId, id: request.params.deliveryId };
        const isReplayed = await replayDelivery(client, own);
        const body = await findDelivery(client, own);
        if (body === undefined) throw new Refusal('NOT_FOUND');
        if (!isReplayed) throw new Refusal('STEP_REFUSED', { detail: 'It is being sent just now.' });
        return { status: 200, body };
      }),
  );

  app.post(
    '/seller/webhooks/:id/replay',
    {
      config: changing,
      schema: {
        summary: 'Sends all dead letters again',
        description: `The oldest first, no more than ${LIMITS.webhookReplays} with one call.`,
        ...{ tags, params: ById },
        body: Type.Object(
          {
            since: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 48, description: 'Of events since then.' })),
          },
          { additionalProperties: false },
        ),
        response: { 200: Type.Object({ replayed: Type.Integer() }), ...refusals },
      },
    },
    (request, reply) =>
      idempotently(services, request, reply, async (client) => {
        const { id: endpointId } = await enabled(ownEndpoint(client, request));
        const sinceMs = request.body.since ?? services.clock.now() - LIFETIMES.webhookEventsKeptMs;
        const replayed = await replayDead(client, { endpointId, sinceMs, limit: LIMITS.webhookReplays });
        return { status: 200, body: { replayed } };
      }),
  );
}

export function testWebhookRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/seller/webhooks/:id/test',
    {
      config,
      schema: {
        summary: 'Sends a ping',
        description: 'An event of type ping. GET …/deliveries/{deliveryId} says what became of it.',
        ...{ tags, params: ById },
        response: { 202: Type.Object({ deliveryId: Type.String() }), ...refusals },
      },
    },
    async (request, reply) => {
      keysOf(services);
      const { id: endpointId } = await enabled(ownEndpoint(services.database, request));
      const [eventId, at] = [services.nextId(), services.clock.now()];
      const body = JSON.stringify({ id: eventId, type: PING, version: 1, at, data: { webhookId: endpointId } });
      const ping = { endpointId, merchantId: callerOf(request).userId, eventId, body };
      const deliveryId = await withTransaction(services.database, (client) => insertPing(client, ping));
      return reply.code(202).send({ deliveryId });
    },
  );
}

async function enabled(found: Promise<StoredEndpoint>): Promise<StoredEndpoint> {
  const endpoint = await found;
  if (endpoint.isEnabled) return endpoint;
  throw new Refusal('STEP_REFUSED', {
    detail: 'It is switched off: PATCH /seller/webhooks/{id} {"isEnabled":true} first.',
  });
}
