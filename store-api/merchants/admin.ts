/** Merchants, for those who let them in. */
import Type from 'typebox';
import { findMerchant, listMerchants } from '../../db/queries/merchants/merchants.ts';
import { LINE_PATTERN } from '../auth/forms.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById, Id } from '../users/forms.ts';
import { actPrivileged } from '../users/privileged.ts';
import { type DecisionName, decide } from './decide.ts';
import { Merchant, StatusName } from './forms.ts';

const tags = ['merchants'];
const refusals = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem };
const STAFF = onlyFor('admin', 'support');

const Query = Type.Object(
  {
    status: Type.Optional(StatusName),
    cursor: Type.Optional(Id),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
);
const Page = Type.Object({ items: Type.Array(Merchant), nextCursor: Type.Union([Type.String(), Type.Null()]) });

export function merchantsRoutes(app: StoreApp, services: StoreServices): void {
  app.get(
    '/admin/merchants',
    {
      config: { access: STAFF, audit: 'own' },
      schema: {
        ...{ summary: 'Merchants, the newest first', tags, querystring: Query },
        response: { 200: Page, ...refusals },
      },
    },
    async (request) => {
      const { status = null, cursor = null, limit } = request.query;
      const act = { action: 'merchants.listed', subjectKind: 'merchants', subjectId: status ?? 'all' };
      const found = await actPrivileged(services, callerOf(request), act, (client) =>
        listMerchants(client, { status, before: cursor, limit: limit + 1 }),
      );
      const items = found.slice(0, limit);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );

  app.get(
    '/admin/merchants/:id',
    {
      config: { access: STAFF, audit: 'own' },
      schema: { summary: 'One merchant', tags, params: ById, response: { 200: Merchant, ...refusals } },
    },
    async (request) => {
      const { id } = request.params;
      const act = { action: 'merchant.read', subjectKind: 'merchant', subjectId: id };
      return await actPrivileged(services, callerOf(request), act, async (client) => {
        const merchant = await findMerchant(client, id);
        if (merchant === undefined) throw new Refusal('NOT_FOUND');
        return merchant;
      });
    },
  );

  decisionRoute(app, services, 'approve', 'Lets somebody sell here: their account becomes a merchant');
  decisionRoute(app, services, 'decline', 'Does not let somebody sell here, and tells them why');
  decisionRoute(
    app,
    services,
    'suspend',
    'Stops a merchant: nothing of theirs is shown or sold, and they are told why',
  );
  decisionRoute(app, services, 'reinstate', 'Lets a suspended merchant go on: what was on sale before is again');
}

const why = { maxLength: 500, pattern: LINE_PATTERN, description: 'For the merchant to read.' } as const;

function decisionRoute(app: StoreApp, services: StoreServices, decision: DecisionName, summary: string): void {
  const isRefusal = decision === 'decline' || decision === 'suspend';
  // Nobody is turned away without a reason.
  const note = isRefusal ? Type.String({ ...why, minLength: 1 }) : Type.String({ ...why, default: '' });
  app.post(
    `/admin/merchants/:id/${decision}`,
    {
      config: { access: onlyFor('admin') },
      schema: {
        ...{ summary, tags, params: ById },
        body: Type.Object({ note }, { additionalProperties: false }),
        response: { 200: Merchant, ...refusals },
      },
    },
    (request) => decide(services, callerOf(request), { id: request.params.id, decision, note: request.body.note }),
  );
}
