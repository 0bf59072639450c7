/** What support does for somebody who cannot, such as a guest or who lost their account. Nobody but its owner gets a file. */
import Type from 'typebox';
import { isKnownPerson } from '../../db/queries/privacy/find-obstacles.ts';
import { listPrivacyRequests, withdrawErasure } from '../../db/queries/privacy/requests.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById } from '../users/forms.ts';
import { actPrivileged } from '../users/privileged.ts';
import { askFor } from './ask.ts';
import { Asked, AskedPage, askedOf } from './forms.ts';

const config = { access: onlyFor('admin', 'support') };
const tags = ['privacy'];
const refusals = { 400: Problem, 401: Problem, 403: Problem, 404: Problem } as const;

const Kind = Type.Object(
  { kind: Type.Unsafe<'export' | 'erasure'>(Type.Union([Type.Literal('export'), Type.Literal('erasure')])) },
  { additionalProperties: false },
);

export function askForSomebodyRoute(app: StoreApp, services: StoreServices): void {
  const schema = {
    summary: 'Asks for an export or an erasure for somebody',
    description: 'Of an account, or of a guest by the shopper of their orders. Written into the audit trail.',
    ...{ tags, params: ById, body: Kind },
    response: { 202: Asked, ...refusals, 409: Problem },
  };
  app.post('/users/:id/privacy-requests', { config, schema }, async (request, reply) => {
    const caller = callerOf(request);
    const { id: userId } = request.params;
    const { kind } = request.body;
    const act = { action: `privacy.${kind}-asked`, subjectKind: 'user', subjectId: userId };
    const asked = await actPrivileged(services, caller, act, async (client) => {
      if (userId === caller.userId) throw new Refusal('FORBIDDEN', { detail: 'Ask for yourself at /me.' });
      if (!(await isKnownPerson(client, userId))) throw new Refusal('NOT_FOUND');
      return await askFor(services, client, { userId, askedBy: caller.userId, kind });
    });
    return reply.code(202).send(askedOf(asked));
  });
}

export function listRequestsRoute(app: StoreApp, { database }: StoreServices): void {
  const schema = {
    summary: 'What somebody asked about their data, the newest first',
    ...{ tags, params: ById, response: { 200: AskedPage, ...refusals } },
  };
  app.get('/users/:id/privacy-requests', { config, schema }, async (request) => ({
    items: (await listPrivacyRequests(database, request.params.id)).map(askedOf),
    nextCursor: null,
  }));
}

export function callOffForSomebodyRoute(app: StoreApp, services: StoreServices): void {
  const schema = {
    summary: 'Calls somebody’s erasure off that has not begun',
    ...{ tags, params: ById, response: { 200: Asked, ...refusals } },
  };
  app.delete('/users/:id/privacy-requests/erasure', { config, schema }, async (request) => {
    const { id } = request.params;
    const act = { action: 'privacy.erasure-called-off', subjectKind: 'user', subjectId: id };
    return await actPrivileged(services, callerOf(request), act, async (client) => {
      const withdrawn = await withdrawErasure(client, id, new Date(services.clock.now()));
      if (withdrawn === undefined) throw new Refusal('NOT_FOUND');
      return askedOf(withdrawn);
    });
  });
}
