import Type from 'typebox';
import { API_KEY_SCOPES, type ApiKeyScope } from '../../contracts/api-keys.ts';
import { LIMITS } from '../../contracts/limits.ts';
import { insertApiKey, listApiKeys, lockApiKeys, revokeApiKey, type StoredApiKey } from '../../db/queries/api-keys.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById } from '../users/forms.ts';
import { actPrivileged } from '../users/privileged.ts';
import { makeApiKey } from './keys.ts';

const access = onlyFor('merchant');
const tags = ['api keys'];
const DAY_MS = 24 * 3_600_000;

const scope = Type.Unsafe<ApiKeyScope>(Type.Union(API_KEY_SCOPES.map((name) => Type.Literal(name))));
const Form = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: LIMITS.apiKeyNameChars, pattern: '\\S' }),
    scopes: Type.Array(scope, { minItems: 1, maxItems: API_KEY_SCOPES.length, uniqueItems: true }),
    expiresInDays: Type.Integer({ minimum: 1, maximum: LIMITS.apiKeyDays, default: 90 }),
  },
  { additionalProperties: false },
);
const time = Type.Union([Type.Integer(), Type.Null()]);
const ApiKey = Type.Object({
  id: Type.String(),
  name: Type.String(),
  prefix: Type.String({ description: 'How the key begins.' }),
  scopes: Type.Array(Type.String()),
  createdAt: Type.Integer(),
  expiresAt: Type.Integer(),
  usedAt: Type.Union([Type.Integer(), Type.Null()], { description: 'About when it was used last, to the hour.' }),
  revokedAt: time,
});
const Made = Type.Object({
  ...ApiKey.properties,
  key: Type.String({ description: 'The key itself: told now and never again.' }),
});

function shown({ createdAt, expiresAt, usedAt, revokedAt, scopes, ...key }: StoredApiKey): Type.Static<typeof ApiKey> {
  return {
    ...{ ...key, scopes: [...scopes] },
    ...{ createdAt: createdAt.getTime(), expiresAt: expiresAt.getTime() },
    ...{ usedAt: usedAt?.getTime() ?? null, revokedAt: revokedAt?.getTime() ?? null },
  };
}

export function listApiKeysRoute(app: StoreApp, { database }: StoreServices): void {
  const Page = Type.Object({ items: Type.Array(ApiKey), nextCursor: Type.Null() });
  const schema = {
    summary: 'The keys of one’s programs, the newest first',
    tags,
    response: { 200: Page, 401: Problem, 403: Problem },
  };
  app.get('/me/api-keys', { config: { access }, schema }, async (request) => ({
    items: (await listApiKeys(database, callerOf(request).userId)).map(shown),
    nextCursor: null,
  }));
}

export function addApiKeyRoute(app: StoreApp, services: StoreServices): void {
  const { nextId, clock } = services;
  const schema = {
    summary: 'Makes a key for a program of one’s own, and tells it this once',
    description: 'It is sent as `Authorization: Bearer dgk_…`, and may do what its scopes say, as its merchant.',
    tags,
    body: Form,
    response: { 201: Made, 400: Problem, 401: Problem, 403: Problem, 409: Problem },
  };
  // Its answer is a secret: it is not kept for a repeated call.
  app.post('/me/api-keys', { config: { access, idempotency: 'none' }, schema }, async (request, reply) => {
    const caller = callerOf(request);
    const { name, scopes, expiresInDays } = request.body;
    const { text: key, prefix, hash } = makeApiKey();
    const id = nextId();
    const createdAt = new Date(clock.now());
    const expiresAt = new Date(createdAt.getTime() + expiresInDays * DAY_MS);
    const act = { action: 'api-key.created', subjectKind: 'api-key', subjectId: id, detail: { scopes } };
    const made = await actPrivileged(services, caller, act, async (client) => {
      await lockApiKeys(client, caller.userId);
      const working = (await listApiKeys(client, caller.userId)).filter(
        (one) => one.revokedAt === null && one.expiresAt > createdAt,
      );
      if (working.length >= LIMITS.apiKeysPerMerchant) throw new Refusal('TOO_MANY');
      const merchantId = caller.userId;
      return await insertApiKey(client, { id, merchantId, name, prefix, hash, scopes, createdAt, expiresAt });
    });
    if (made === undefined) throw new Error('A key that was written is not there.');
    return reply
      .code(201)
      .header('cache-control', 'no-store')
      .send({ ...shown(made), key });
  });
}

export function revokeApiKeyRoute(app: StoreApp, services: StoreServices): void {
  const schema = {
    summary: 'Revokes a key: within a second it works nowhere any more',
    tags,
    params: ById,
    response: { 200: ApiKey, 400: Problem, 401: Problem, 403: Problem, 404: Problem },
  };
  app.delete('/me/api-keys/:id', { config: { access }, schema }, async (request) => {
    const caller = callerOf(request);
    const { id } = request.params;
    const act = { action: 'api-key.revoked', subjectKind: 'api-key', subjectId: id };
    return await actPrivileged(services, caller, act, async (client) => {
      const now = new Date(services.clock.now());
      const revoked = await revokeApiKey(client, { id, merchantId: caller.userId, now });
      if (revoked === undefined) throw new Refusal('NOT_FOUND');
      return shown(revoked);
    });
  });
}

export const API_KEY_ROUTES = [listApiKeysRoute, addApiKeyRoute, revokeApiKeyRoute] as const;
