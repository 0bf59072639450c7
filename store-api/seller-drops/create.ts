import { fillIn } from '../../commerce/drops/fill-in.ts';
import { type Findings, mayBeDraft } from '../../commerce/drops/finding.ts';
import type { DropPlan } from '../../commerce/drops/plan.ts';
import { findDropVariants } from '../../db/queries/drops/find-drop-facts.ts';
import { insertDrop } from '../../db/queries/insert-drop.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import type { Identity } from '../../platform/tokens/access-token.ts';
import { idempotently } from '../idempotency/idempotently.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { FindingsDocument, WholeDropAnswer } from './answers.ts';
import { NewDropForm } from './forms.ts';
import { judge } from './judge.ts';
import { readAgain, record, requireRole } from './own.ts';
import { withProposals } from './proposed.ts';
import { DropRefusal, tellingProblems } from './refusal.ts';
import { wishOf } from './wish.ts';

export function createDropRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/seller/drops',
    {
      config: { access: sellers('drops'), idempotency: 'own' },
      schema: {
        summary: 'A new drop, as a draft',
        description:
          'What stands in the way of scheduling it now is told in `check`. What no draft can be kept with is refused, all of it at once.',
        tags: ['seller drops'],
        body: NewDropForm,
        response: { 201: WholeDropAnswer, 400: Problem, 403: Problem, 422: FindingsDocument },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const merchantId = sellerOf(caller, request.body.merchantId);
      return await tellingProblems(reply, () =>
        idempotently(services, request, reply, async (client) => {
          await requireRole(client, caller);
          const { plan, findings } = await judgeForm(services, client, request.body, merchantId);
          if (!mayBeDraft(findings)) throw new DropRefusal('DROP_IMPOSSIBLE', findings);
          const id = services.nextId();
          await insertDrop(client, { ...plan, id, merchantId, revision: 1, state: 'draft', commit: null });
          await record(services, client, caller, { action: 'drop.create', dropId: id }, { merchantId, revision: 1 });
          const body = await readAgain(services, client, id, findings);
          return { status: 201, body, headers: { location: `/api/v1/seller/drops/${id}` } };
        }),
      );
    },
  );
}

export async function judgeForm(
  services: StoreServices,
  client: DatabaseClient | StoreServices['database'],
  form: NewDropForm,
  merchantId: string,
): Promise<{ readonly plan: DropPlan; readonly findings: Findings & Awaited<ReturnType<typeof judge>> }> {
  const wish = wishOf(await withProposals(services, client, form, { merchantId }), form.startsAt);
  const variants = await findDropVariants(
    client,
    wish.items.map(({ sku }) => sku),
    merchantId,
  );
  const plan = fillIn(wish, variants, services.clock.now());
  return { plan, findings: await judge(services, client, plan, { merchantId, dropId: null }) };
}

export function sellerOf({ role, userId }: Identity, named: string | undefined): string {
  if (role !== 'admin') {
    if (named !== undefined && named !== userId) throw new Refusal('FORBIDDEN');
    return userId;
  }
  if (named === undefined) throw new Refusal('INVALID', { detail: 'merchantId: an admin says whose drop it is.' });
  return named;
}
