import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { appointDefault, clearDefault, lockPerson, setDefault } from '../../db/queries/defaults.ts';
import {
  deletePaymentMethod,
  insertPaymentMethod,
  listPaymentMethods,
  type StoredPaymentMethod,
} from '../../db/queries/payment-methods.ts';
import { type DatabaseClient, withTransaction } from '../../platform/connections/postgres.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, Refusal, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { hasCardNumber } from './card-numbers.ts';

const config = { access: SIGNED_IN };
const tags = ['payment methods'];
const refusals = { 400: Problem, 401: Problem, 404: Problem } as const;
const ById = Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) });

const Form = Type.Union([
  Type.Object(
    {
      kind: Type.Literal('card'),
      token: Type.String({
        pattern: '^[A-Za-z0-9_-]{1,255}$',
        description: 'What the payment provider calls the card.',
      }),
      brand: Type.String({ pattern: '^[A-Za-z][A-Za-z0-9 _-]{0,39}$' }),
      last4: Type.String({ pattern: '^[0-9]{4}$' }),
      isDefault: Type.Optional(Type.Boolean()),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { kind: Type.Union([Type.Literal('wallet'), Type.Literal('cod')]), isDefault: Type.Optional(Type.Boolean()) },
    { additionalProperties: false },
  ),
]);

const Method = Type.Object({
  id: Type.String(),
  kind: Type.Union([Type.Literal('card'), Type.Literal('wallet'), Type.Literal('cod')]),
  brand: Type.Union([Type.String(), Type.Null()]),
  last4: Type.Union([Type.String(), Type.Null()]),
  isDefault: Type.Boolean(),
});

/** The token is for the payment provider: whoever saved it has no use for it. */
function shown({ id, kind, brand, last4, isDefault }: StoredPaymentMethod) {
  return { id, kind, brand, last4, isDefault };
}

function listRoute(app: StoreApp, { database }: StoreServices): void {
  const Page = Type.Object({ items: Type.Array(Method), nextCursor: Type.Null() });
  const schema = { summary: 'Saved ways to pay, the default first', tags, response: { 200: Page, 401: Problem } };
  app.get('/me/payment-methods', { config, schema }, async (request) => {
    const found = await listPaymentMethods(database, callerOf(request).userId);
    return { items: found.map(shown), nextCursor: null };
  });
}

function addRoute(app: StoreApp, { database, nextId }: StoreServices): void {
  const schema = {
    summary: 'Saves a way to pay; the first one is the default',
    description: 'A card by the token of the payment provider. A card number is refused, in whichever field.',
    tags,
    body: Form,
    response: { 201: Method, ...refusals, 409: Problem, 422: Problem },
  };
  const options = {
    config,
    schema,
    // Before the form is looked at: what does not fit it could be a number as well.
    async preValidation(request: { readonly body: unknown }) {
      if (hasCardNumber(request.body)) throw new Refusal('CARD_NUMBER');
    },
  };
  app.post('/me/payment-methods', options, async (request, reply) => {
    const { userId } = callerOf(request);
    const form = request.body;
    const card = form.kind === 'card' ? form : { token: null, brand: null, last4: null };
    const saved = await withTransaction(database, async (client) => {
      await lockOrRefuse(client, userId);
      const { length } = await listPaymentMethods(client, userId);
      if (length >= LIMITS.paymentMethodsPerUser) throw new Refusal('TOO_MANY');
      const isDefault = form.isDefault === true || length === 0;
      if (isDefault) await clearDefault(client, 'payment_methods', userId);
      const { token, brand, last4 } = card;
      const method = { id: nextId(), kind: form.kind, token, brand, last4, isDefault };
      await insertPaymentMethod(client, userId, method);
      return method;
    });
    return reply.code(201).send(shown(saved));
  });
}

function deleteRoute(app: StoreApp, { database }: StoreServices): void {
  const schema = { summary: 'Forgets a way to pay', tags, params: ById, response: { 204: Type.Null(), ...refusals } };
  app.delete('/me/payment-methods/:id', { config, schema }, async (request, reply) => {
    const { userId } = callerOf(request);
    const wasThere = await withTransaction(database, async (client) => {
      await lockOrRefuse(client, userId);
      const deleted = await deletePaymentMethod(client, userId, request.params.id);
      await appointDefault(client, 'payment_methods', userId);
      return deleted;
    });
    return wasThere ? reply.code(204).send(null) : refuse(reply, 'NOT_FOUND');
  });
}

function defaultRoute(app: StoreApp, { database }: StoreServices): void {
  const schema = {
    summary: 'Makes it the way to pay that is taken unless said otherwise',
    tags,
    params: ById,
    response: { 204: Type.Null(), ...refusals },
  };
  app.put('/me/payment-methods/:id/default', { config, schema }, async (request, reply) => {
    const { userId } = callerOf(request);
    await withTransaction(database, async (client) => {
      await lockOrRefuse(client, userId);
      await clearDefault(client, 'payment_methods', userId);
      // Rejects, and so brings the old default back.
      if (!(await setDefault(client, 'payment_methods', userId, request.params.id))) throw new Refusal('NOT_FOUND');
    });
    return reply.code(204).send(null);
  });
}

async function lockOrRefuse(client: DatabaseClient, userId: string): Promise<void> {
  if (!(await lockPerson(client, userId))) throw new Refusal('NOT_FOUND');
}

export const paymentMethodRoutes = [listRoute, addRoute, deleteRoute, defaultRoute];
