import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { listIdentities } from '../../db/queries/identities.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { connectIdentity, disconnectIdentity } from './accounts.ts';
import { CodeForm, redeem } from './forms.ts';

const tags = ['identity'];
const Identity = Type.Object({
  ...{ id: Type.String(), provider: Type.String() },
  email: Type.Union([Type.String(), Type.Null()], { description: 'As the provider told it last.' }),
  ...{ createdAt: Type.Integer(), usedAt: Type.Integer() },
});
const Identities = Type.Object({ items: Type.Array(Identity), nextCursor: Type.Null() });

async function listOf(
  { database }: Pick<StoreServices, 'database'>,
  userId: string,
): Promise<Type.Static<typeof Identities>> {
  const items = (await listIdentities(database, userId)).map(({ id, provider, email, createdAt, usedAt }) => ({
    ...{ id, provider, email, createdAt: createdAt.getTime(), usedAt: usedAt.getTime() },
  }));
  return { items, nextCursor: null };
}

export function listIdentitiesRoute(app: StoreApp, services: StoreServices): void {
  app.get(
    '/me/identities',
    {
      config: { access: SIGNED_IN },
      schema: { summary: 'Where else one signs in', tags, response: { 200: Identities, 401: Problem } },
    },
    (request) => listOf(services, callerOf(request).userId),
  );
}

export function connectIdentityRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/me/identities',
    {
      config: { access: SIGNED_IN, idempotency: 'none' },
      schema: {
        summary: 'Connects another provider to one’s own account',
        description: 'With the code that a sign-in there came back with (GET /auth/oidc/{provider}).',
        ...{ tags, body: CodeForm },
        response: { 200: Identities, 400: Problem, 401: Problem, 409: Problem, 503: Problem },
      },
    },
    async (request) => {
      const { userId } = callerOf(request);
      await connectIdentity(services, userId, await redeem(services.oidc.pending, request.body));
      return await listOf(services, userId);
    },
  );
}

export function disconnectIdentityRoute(app: StoreApp, services: StoreServices): void {
  app.delete(
    '/me/identities/:id',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'Disconnects a provider; never the last way in',
        ...{ tags, params: Type.Object({ id: Type.String({ pattern: UUID_V7_PATTERN }) }) },
        response: { 204: Type.Null(), 400: Problem, 401: Problem, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      await disconnectIdentity(services, callerOf(request).userId, request.params.id);
      return reply.code(204).send(null);
    },
  );
}
