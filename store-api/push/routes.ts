/** Browsers in which a person wants to be told. */
import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { deleteSubscription, listSubscriptions, putSubscription } from '../../db/queries/push/subscriptions.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { readTarget } from '../../platform/outgoing/targets.ts';
import type { Vapid } from '../../platform/outgoing/vapid.ts';
import { LINE_PATTERN } from '../auth/forms.ts';
import { callerOf, EVERYBODY, SIGNED_IN } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import { ById } from '../products/schemas.ts';
import type { StoreApp, StoreServices } from '../services.ts';

const config = { access: SIGNED_IN };
const tags = ['notices'];
const refusals = { 400: Problem, 401: Problem, 404: Problem, 409: Problem, 422: Problem, 503: Problem };

/** As PushSubscription.toJSON() of a browser has it: an uncompressed point of P-256, and 16 bytes. */
const NewSubscription = Type.Object(
  {
    endpoint: Type.String({ minLength: 8, maxLength: 2_000 }),
    expirationTime: Type.Optional(Type.Union([Type.Integer(), Type.Null()], { description: 'Not looked at.' })),
    keys: Type.Object(
      {
        p256dh: Type.String({ pattern: '^B[A-Za-z0-9_-]{86}=?$' }),
        auth: Type.String({ pattern: '^[A-Za-z0-9_-]{22}(==)?$' }),
      },
      { additionalProperties: false },
    ),
    label: Type.Optional(Type.String({ maxLength: 100, pattern: LINE_PATTERN, description: 'Such as "my phone".' })),
  },
  { additionalProperties: false },
);
const Subscription = Type.Object({
  id: Type.String(),
  service: Type.String({ description: 'The host of the push service.' }),
  label: Type.String(),
  createdAt: Type.Integer(),
  lastSuccessAt: Type.Union([Type.Integer(), Type.Null()]),
});

function vapidOf({ outgoing }: StoreServices): Vapid {
  if (outgoing.vapid !== undefined) return outgoing.vapid;
  throw new Refusal('UNAVAILABLE', {
    detail: 'This shop has no web push: its operator has not set VAPID_PRIVATE_KEY.',
  });
}

function keyRoute(app: StoreApp, services: StoreServices): void {
  app.get(
    '/push-key',
    {
      config: { access: EVERYBODY },
      schema: {
        ...{ summary: 'What a browser subscribes with (applicationServerKey)', tags },
        response: { 200: Type.Object({ publicKey: Type.String() }), 503: Problem },
      },
    },
    () => ({ publicKey: vapidOf(services).publicKey }),
  );
}

function subscribeRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/me/push-subscriptions',
    {
      config,
      schema: {
        summary: 'Subscribes a browser',
        description: 'The body is PushSubscription.toJSON(). The same browser again is the same subscription.',
        ...{ tags, body: NewSubscription },
        response: { 200: Subscription, 201: Subscription, ...refusals },
      },
    },
    async (request, reply) => {
      vapidOf(services);
      const { endpoint, keys, label = '' } = request.body;
      const target = readTarget(endpoint, services.outgoing);
      if (!target.ok) throw new Refusal('URL_REFUSED', { detail: `endpoint: ${target.why}.` });
      const { userId } = callerOf(request);
      const asked = { id: services.nextId(), userId, endpoint, ...keys, label, most: LIMITS.pushSubscriptionsPerUser };
      const put = await withTransaction(services.database, (client) => putSubscription(client, asked));
      if (put === 'too-many') throw new Refusal('TOO_MANY');
      if (put === 'no-such-user') throw new Refusal('NOT_FOUND');
      return reply.code(put.isNew ? 201 : 200).send(put.made);
    },
  );
}

function ownRoutes(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/me/push-subscriptions',
    {
      config,
      schema: {
        ...{ summary: 'The browsers that are subscribed', tags },
        response: { 200: Type.Object({ items: Type.Array(Subscription) }), ...refusals },
      },
    },
    async (request) => ({ items: await listSubscriptions(database, callerOf(request).userId) }),
  );

  app.delete(
    '/me/push-subscriptions/:id',
    {
      config,
      schema: { summary: 'Unsubscribes a browser', tags, params: ById, response: { 204: Type.Null(), ...refusals } },
    },
    async (request, reply) => {
      const own = { id: request.params.id, userId: callerOf(request).userId };
      if (!(await deleteSubscription(database, own))) throw new Refusal('NOT_FOUND');
      return reply.code(204).send(null);
    },
  );
}

export const PUSH_ROUTES = [keyRoute, subscribeRoute, ownRoutes] as const;
