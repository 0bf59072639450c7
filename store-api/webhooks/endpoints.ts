/** Where the systems of a merchant are told what happens. */
import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { WEBHOOK_EVENT_NAMES, WEBHOOK_EVENTS } from '../../contracts/webhooks.ts';
import {
  deleteEndpoint,
  insertEndpoint,
  listEndpoints,
  rotateSecret,
  updateEndpoint,
} from '../../db/queries/webhooks/endpoints.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { callerOf } from '../plugins/access.ts';
import { Refusal } from '../plugins/problems.ts';
import { ById } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import {
  NewWebhook,
  OVERLAP_MS,
  Rotation,
  refusals,
  tags,
  Webhook,
  WebhookChange,
  WebhookWithSecret,
} from './forms.ts';
import { keysOf, ownEndpoint, requireTarget, WEBHOOK_OWNERS, withSecret } from './own.ts';

const config = { access: WEBHOOK_OWNERS };
/** Their answers have secrets in them, which are kept nowhere. */
const showing = { access: WEBHOOK_OWNERS, idempotency: 'none' } as const;
const URL_TAKEN = new Refusal('NAME_TAKEN', { detail: 'You have a webhook with this url.' });

export function readWebhookRoutes(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/seller/webhook-events',
    {
      config,
      schema: {
        ...{ summary: 'What webhooks can be told of', tags },
        response: {
          200: Type.Object({ items: Type.Array(Type.Object({ name: Type.String(), about: Type.String() })) }),
          ...refusals,
        },
      },
    },
    () => ({ items: WEBHOOK_EVENT_NAMES.map((name) => ({ name, about: WEBHOOK_EVENTS[name] })) }),
  );

  app.get(
    '/seller/webhooks',
    {
      config,
      schema: {
        ...{ summary: 'The webhooks of the merchant who asks', tags },
        response: { 200: Type.Object({ items: Type.Array(Webhook) }), ...refusals },
      },
    },
    async (request) => ({ items: await listEndpoints(database, callerOf(request).userId) }),
  );

  app.get(
    '/seller/webhooks/:id',
    { config, schema: { summary: 'One webhook', tags, params: ById, response: { 200: Webhook, ...refusals } } },
    (request) => ownEndpoint(database, request),
  );
}

export function createWebhookRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/seller/webhooks',
    {
      config: showing,
      schema: {
        ...{ summary: 'A new webhook; its secret is shown this once', tags, body: NewWebhook },
        response: { 201: WebhookWithSecret, ...refusals },
      },
    },
    async (request, reply) => {
      // Before anything is written: without it there would be a webhook whose secret nobody has.
      keysOf(services);
      requireTarget(services, request.body.url);
      const [id, merchantId] = [services.nextId(), callerOf(request).userId];
      const asked = { description: '', ...request.body, id, merchantId, most: LIMITS.webhooksPerMerchant };
      const made = await withTransaction(services.database, (client) => insertEndpoint(client, asked));
      if (made === 'too-many') throw new Refusal('TOO_MANY');
      if (made === 'url-taken') throw URL_TAKEN;
      return reply.code(201).header('location', `/api/v1/seller/webhooks/${id}`).send(withSecret(services, made));
    },
  );
}

export function changeWebhookRoutes(app: StoreApp, services: StoreServices): void {
  app.patch(
    '/seller/webhooks/:id',
    {
      config,
      schema: {
        summary: 'Changes what is given, and leaves the rest',
        description:
          'While it is switched off nothing is kept for it. Switched on, it begins anew: dead letters can be replayed.',
        ...{ tags, params: ById, body: WebhookChange },
        response: { 200: Webhook, ...refusals },
      },
    },
    async (request) => {
      if (request.body.url !== undefined) requireTarget(services, request.body.url);
      const own = { id: request.params.id, merchantId: callerOf(request).userId };
      const changed = await withTransaction(services.database, (client) => updateEndpoint(client, own, request.body));
      if (changed === undefined) throw new Refusal('NOT_FOUND');
      if (changed === 'url-taken') throw URL_TAKEN;
      return changed;
    },
  );

  app.delete(
    '/seller/webhooks/:id',
    {
      config,
      schema: {
        ...{ summary: 'Away with it, and with what waits for it', tags, params: ById },
        response: { 204: Type.Null(), ...refusals },
      },
    },
    async (request, reply) => {
      const own = { id: request.params.id, merchantId: callerOf(request).userId };
      const isGone = await withTransaction(services.database, (client) => deleteEndpoint(client, own));
      if (!isGone) throw new Refusal('NOT_FOUND');
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/seller/webhooks/:id/secret',
    {
      config: showing,
      schema: {
        summary: 'A new secret, shown this once',
        description: 'For the overlap messages carry two signatures, of the old secret and of the new one.',
        ...{ tags, params: ById, body: Rotation },
        response: { 200: WebhookWithSecret, ...refusals },
      },
    },
    async (request) => {
      keysOf(services);
      const { overlapMs = OVERLAP_MS } = request.body;
      const previousUntilMs = services.clock.now() + overlapMs;
      const own = { id: request.params.id, merchantId: callerOf(request).userId, previousUntilMs };
      const rotated = await withTransaction(services.database, (client) => rotateSecret(client, own));
      if (rotated === undefined) throw new Refusal('NOT_FOUND');
      return withSecret(services, rotated);
    },
  );
}
