import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { findUser, type StoredUser } from '../../db/queries/find-user.ts';
import { readPrivacyFile } from '../../db/queries/privacy/files.ts';
import { findPrivacyRequest, listPrivacyRequests, withdrawErasure } from '../../db/queries/privacy/requests.ts';
import { findSessionStart } from '../../db/queries/privacy/session-start.ts';
import { withTransaction } from '../../platform/connections/postgres.ts';
import { countAttempt } from '../auth/attempts.ts';
import { Password } from '../auth/forms.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem, Refusal, refuse } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById } from '../users/forms.ts';
import { askFor } from './ask.ts';
import { Asked, AskedPage, askedOf } from './forms.ts';

const config = { access: SIGNED_IN };
const tags = ['privacy'];

export function askExportRoute(app: StoreApp, services: StoreServices): void {
  const schema = {
    summary: 'Asks for a copy of everything that is known of oneself',
    description: 'It is made within minutes, and can be fetched for 7 days.',
    tags,
    response: { 202: Asked, 401: Problem, 429: Problem },
  };
  app.post('/me/export', { config, schema }, async (request, reply) => {
    const { userId } = callerOf(request);
    await services.limits.take('privacy-export', userId, LIMITS.privacyRequestsPerPerson);
    const asking = { userId, askedBy: userId, kind: 'export' } as const;
    const asked = await withTransaction(services.database, (client) => askFor(services, client, asking));
    return reply.code(202).send(askedOf(asked));
  });
}

export function askErasureRoute(app: StoreApp, services: StoreServices): void {
  const schema = {
    summary: 'Asks for all that is known of oneself to be erased',
    description:
      'After 14 days, in which it can be called off. With the password; an account without one signs in anew and asks within 10 minutes. What stays, and for how long, is in docs/PRIVACY.md.',
    tags,
    body: Type.Object({ password: Type.Optional(Password) }, { additionalProperties: false }),
    response: { 202: Asked, 400: Problem, 401: Problem, 409: Problem, 429: Problem },
  };
  app.post('/me/erase', { config: { ...config, idempotency: 'none' }, schema }, async (request, reply) => {
    const { userId } = callerOf(request);
    const user = await findUser(services.database, userId);
    if (user?.status !== 'active') return refuse(reply, 'WRONG_CREDENTIALS');
    await confirm(services, request, user, request.body.password);
    const asking = { userId, askedBy: userId, kind: 'erasure' } as const;
    const asked = await withTransaction(services.database, (client) => askFor(services, client, asking));
    return reply.code(202).send(askedOf(asked));
  });
}

/** That it is them, and not who found their device unlocked. */
async function confirm(
  { database, passwords, limits, clock }: StoreServices,
  request: FastifyRequest,
  { id, email, passwordHash }: StoredUser,
  password: string | undefined,
): Promise<void> {
  await countAttempt(limits, request, email ?? id);
  if (passwordHash !== null) {
    if (password === undefined || !(await passwords.matches(passwordHash, password))) {
      throw new Refusal('WRONG_CREDENTIALS', { detail: 'The password is needed for this.' });
    }
    return;
  }
  const { sessionId } = callerOf(request);
  const startedAt = sessionId === undefined ? undefined : await findSessionStart(database, id, sessionId);
  const isFresh = startedAt !== undefined && startedAt.getTime() >= clock.now() - LIFETIMES.freshSignInMs;
  if (!isFresh) throw new Refusal('WRONG_CREDENTIALS', { detail: 'Sign in again, and ask within 10 minutes.' });
}

export function callOffErasureRoute(app: StoreApp, { database, clock }: StoreServices): void {
  const schema = {
    summary: 'Calls an erasure off that has not begun',
    tags,
    response: { 200: Asked, 401: Problem, 404: Problem },
  };
  app.delete('/me/erase', { config, schema }, async (request, reply) => {
    const { userId } = callerOf(request);
    const now = new Date(clock.now());
    const withdrawn = await withTransaction(database, (client) => withdrawErasure(client, userId, now));
    return withdrawn === undefined ? refuse(reply, 'NOT_FOUND') : askedOf(withdrawn);
  });
}

export function listOwnRequestsRoute(app: StoreApp, { database }: StoreServices): void {
  const schema = {
    summary: 'What one asked about one’s data, the newest first',
    tags,
    response: { 200: AskedPage, 401: Problem },
  };
  app.get('/me/privacy-requests', { config, schema }, async (request) => ({
    items: (await listPrivacyRequests(database, callerOf(request).userId)).map(askedOf),
    nextCursor: null,
  }));
}

export function exportFileRoute(app: StoreApp, { database, clock }: StoreServices): void {
  const schema = {
    summary: 'The file of an export, as JSON',
    tags,
    params: ById,
    response: {
      200: Type.Unsafe<Readable>(Type.String({ description: 'application/json, as a file' })),
      ...{ 401: Problem, 404: Problem },
    },
  };
  app.get('/me/privacy-requests/:id/file', { config, schema }, async (request, reply) => {
    const { userId } = callerOf(request);
    const found = await findPrivacyRequest(database, userId, request.params.id);
    const isThere =
      found?.kind === 'export' && found.state === 'done' && (found.expiresAt?.getTime() ?? 0) > clock.now();
    if (found === undefined || !isThere) return refuse(reply, 'NOT_FOUND');
    return reply
      .type('application/json; charset=utf-8')
      .header('content-disposition', `attachment; filename="dropgate-${found.id}.json"`)
      .send(Readable.from(readPrivacyFile(database, found.id), { objectMode: false, highWaterMark: 1 }));
  });
}
