/** Closing periods, and the commission. */
import Type from 'typebox';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { holdRole } from '../../db/queries/audit-log.ts';
import { closePayouts, setCommission } from '../../db/queries/payouts/close.ts';
import { countUnsettled, listPayouts } from '../../db/queries/payouts/report.ts';
import { findCommissions, lockSettling } from '../../db/queries/payouts/settle.ts';
import { recordAct } from '../../db/queries/record-act.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, onlyFor } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { actPrivileged } from '../users/privileged.ts';
import { Id, PayoutView, shownPayout, Time, tags } from './forms.ts';

const exact = { additionalProperties: false } as const;
const access = onlyFor('admin');
const refusals = { 400: Problem, 403: Problem };

export function closePayoutsRoute(app: StoreApp, services: StoreServices): void {
  const { clock, nextId } = services;
  app.post(
    '/admin/payouts',
    {
      config: { access, idempotency: 'own' },
      schema: {
        summary: 'Closes a period: every line up to its end that is in no payout yet becomes part of one, for ever',
        description: 'One payout for each merchant and currency, numbered. What was closed before is not closed again.',
        tags,
        body: Type.Object(
          { to: Time('The end of the period, epoch milliseconds.'), merchantId: Type.Optional(Id) },
          exact,
        ),
        response: { 200: Type.Object({ items: Type.Array(PayoutView) }), 409: Problem, ...refusals },
      },
    },
    async (request, reply) => {
      const { to: untilMs, merchantId = null } = request.body;
      const { userId: actorId, role: actorRole } = callerOf(request);
      await idempotently(services, request, reply, async (client) => {
        if ((await holdRole(client, actorId)) !== actorRole) throw new Refusal('FORBIDDEN');
        // What is still open somewhere would come after the end.
        if (untilMs > clock.now() - LIFETIMES.settleLagMs) throw new Refusal('PAYOUT_TOO_EARLY');
        await lockSettling(client);
        if ((await countUnsettled(client, untilMs, LIFETIMES.settleLagMs)) > 0) throw new Refusal('PAYOUT_TOO_EARLY');
        const closing = { untilMs, merchantId, closedBy: actorId, most: LIMITS.payoutMerchants };
        const payouts = await closePayouts(client, closing);
        const detail = { until: untilMs, payouts: payouts.length };
        await recordAct(client, {
          ...{ id: nextId(), actorId, actorRole, action: 'payouts.closed', subjectKind: 'payouts' },
          ...{ subjectId: merchantId ?? 'all', detail },
        });
        return { status: 200, body: { items: payouts.map(shownPayout) } };
      });
    },
  );
}

export function listPayoutsRoute(app: StoreApp, services: StoreServices): void {
  app.get(
    '/admin/payouts',
    {
      config: { access },
      schema: {
        summary: 'Closed periods, the newest first',
        tags,
        querystring: Type.Object(
          {
            ...{ merchantId: Type.Optional(Id), cursor: Type.Optional(Id) },
            limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
          },
          exact,
        ),
        response: {
          200: Type.Object({ items: Type.Array(PayoutView), nextCursor: Type.Union([Type.String(), Type.Null()]) }),
          ...refusals,
        },
      },
    },
    async (request) => {
      const { merchantId = null, cursor = null, limit } = request.query;
      const act = { action: 'payouts.listed', subjectKind: 'payouts', subjectId: merchantId ?? 'all' };
      const found = await actPrivileged(services, callerOf(request), act, (client) =>
        listPayouts(client, { merchantId, before: cursor, limit: limit + 1 }),
      );
      const items = found.slice(0, limit).map(shownPayout);
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  );
}

const Commission = Type.Object({
  merchantId: Type.Union([Type.String(), Type.Null()], {
    description: 'Null is everybody’s who has none of their own.',
  }),
  basisPoints: Type.Integer({ description: 'Hundredths of a per cent.' }),
  validFrom: Type.Integer(),
});

export function commissionRoutes(app: StoreApp, services: StoreServices): void {
  const { clock } = services;
  app.get(
    '/admin/commissions',
    {
      config: { access },
      schema: {
        summary: 'What the store keeps of sales: everybody’s, and with merchantId that of one merchant',
        ...{ tags, querystring: Type.Object({ merchantId: Type.Optional(Id) }, exact) },
        response: { 200: Type.Object({ items: Type.Array(Commission) }), ...refusals },
      },
    },
    async (request) => {
      const { merchantId } = request.query;
      const found = await findCommissions(services.database, merchantId === undefined ? [] : [merchantId]);
      const items = found.toSorted((a, b) => b.validFromMs - a.validFromMs);
      return { items: items.map(({ validFromMs: validFrom, ...one }) => ({ ...one, validFrom })) };
    },
  );
  app.post(
    '/admin/commissions',
    {
      config: { access },
      schema: {
        summary: 'Another commission from now on, or from a later time; what was settled keeps its own',
        tags,
        body: Type.Object(
          {
            merchantId: Type.Optional(Id),
            basisPoints: Type.Integer({ minimum: 0, maximum: 10_000 }),
            validFrom: Type.Optional(Time('Now unless it is said; never before.')),
          },
          exact,
        ),
        response: { 201: Commission, 404: Problem, 409: Problem, ...refusals },
      },
    },
    async (request, reply) => {
      const nowMs = clock.now();
      const { merchantId = null, basisPoints, validFrom = nowMs } = request.body;
      if (validFrom < nowMs - 60_000) throw new Refusal('INVALID', { detail: 'What was sold keeps its commission.' });
      const caller = callerOf(request);
      const act = { action: 'commission.set', subjectKind: 'commission', subjectId: merchantId ?? 'all' };
      await actPrivileged(services, caller, { ...act, detail: { basisPoints, validFrom } }, async (client) => {
        const given = { merchantId, basisPoints, validFromMs: validFrom, setBy: caller.userId };
        if (!(await setCommission(client, given))) throw new Refusal('NOT_FOUND');
      });
      return reply.code(201).send({ merchantId, basisPoints, validFrom });
    },
  );
}
