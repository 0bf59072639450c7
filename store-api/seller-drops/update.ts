import {
  checkTimeChange,
  fixedFields,
  type Refused,
  type SafeChange,
  withChange,
} from '../../commerce/drops/check-change.ts';
import { fillIn } from '../../commerce/drops/fill-in.ts';
import { mayBeDraft } from '../../commerce/drops/finding.ts';
import type { StoredDrop } from '../../db/drop-rows.ts';
import { findDropVariants, findShelvesOf } from '../../db/queries/drops/find-drop-facts.ts';
import { changeDrop, replaceItems } from '../../db/queries/drops/write-drop.ts';
import { lockStock } from '../../db/queries/stock/lock-stock.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { sellers } from '../plugins/access.ts';
import { Problem, Refusal } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { FindingsDocument, RefusedDocument, type Told, WholeDropAnswer } from './answers.ts';
import { ById, DropChangeForm } from './forms.ts';
import { judge } from './judge.ts';
import { changeOwnDrop, planOf } from './own.ts';
import { withProposals } from './proposed.ts';
import { DropRefusal } from './refusal.ts';
import { changedWish } from './wish.ts';

export function updateDropRoute(app: StoreApp, services: StoreServices): void {
  app.patch(
    '/seller/drops/:id',
    {
      config: { access: sellers('drops'), idempotency: 'own' },
      schema: {
        summary: 'Changes a drop: a draft freely, one that is scheduled only where nobody is treated worse',
        description:
          'Of a scheduled drop: title, challenge, admission, a later end; before the lobby opens also a later lobby and start.',
        tags: ['seller drops'],
        params: ById,
        body: DropChangeForm,
        response: {
          200: WholeDropAnswer,
          400: Problem,
          404: Problem,
          409: RefusedDocument,
          422: FindingsDocument,
        },
      },
    },
    async (request, reply) => {
      const fields = Object.keys(request.body);
      const act = { dropId: request.params.id, action: 'drop.update', detail: { fields } };
      return await changeOwnDrop(services, request, reply, act, ({ client, own: { drop } }) => {
        const change = { services, client, drop, form: request.body };
        return drop.state === 'draft' ? changeDraft(change) : changeScheduled(change);
      });
    },
  );
}

interface Change {
  readonly services: StoreServices;
  readonly client: DatabaseClient;
  readonly drop: StoredDrop;
  readonly form: DropChangeForm;
}

async function changeDraft({ services, client, drop, form }: Change): Promise<Told> {
  const before = planOf(drop);
  const { merchantId } = drop;
  const of = { merchantId, sku: before.skus.length === 1 ? before.skus[0]?.sku : undefined };
  const wish = changedWish(before, await withProposals(services, client, form, of));
  const skus = wish.items.map(({ sku }) => sku);
  const plan = fillIn(wish, await findDropVariants(client, skus, merchantId), services.clock.now());
  const judged = await judge(services, client, plan, { merchantId, dropId: drop.id });
  if (!mayBeDraft(judged)) throw new DropRefusal('DROP_IMPOSSIBLE', judged);
  await changeDrop(client, { id: drop.id, ...plan });
  await replaceItems(client, { id: drop.id, skus: plan.skus });
  return judged;
}

async function changeScheduled({ services, client, drop, form }: Change): Promise<null> {
  const nowMs = services.clock.now();
  if (drop.state === 'ended' || nowMs >= drop.endsAt) {
    throw new Refusal('DROP_STATE', { detail: 'The drop has ended: nothing of it changes any more.' });
  }
  const before = planOf(drop);
  const after = withChange(before, safePart(form));
  const refused: Refused[] = [...fixedFields(Object.keys(form)), ...checkTimeChange(before, after, nowMs)];
  if (refused.length > 0) throw new DropRefusal('DROP_FIXED', { problems: refused });
  // A later end may meet the next drop of the same item: whoever schedules one locks the same shelves.
  const skus = after.skus.map(({ sku }) => sku);
  await lockStock(client, await findShelvesOf(client, skus), 'given to a drop');
  const { problems, warnings } = await judge(services, client, after, { merchantId: drop.merchantId, dropId: drop.id });
  const caused = problems.filter(({ code }) => ABOUT_CHANGES.has(code));
  if (caused.length > 0) throw new DropRefusal('DROP_IMPOSSIBLE', { problems: caused, warnings });
  await changeDrop(client, { id: drop.id, ...after });
  return null;
}

/** What a change can bring about; that its start is past, or its units drawn, is so for every drop that goes on. */
const ABOUT_CHANGES: ReadonlySet<string> = new Set([
  ...(['TIMES_OUT_OF_ORDER', 'TOO_FAR_AHEAD', 'TOO_LONG', 'OVERLAPS'] as const),
  ...(['ADMISSION_OUT_OF_RANGE', 'CANNOT_SELL_IN_TIME'] as const),
]);

function safePart({ title, lobbyOpensAt, startsAt, endsAt, admission, challenge }: DropChangeForm): SafeChange {
  const given = Object.entries({ title, lobbyOpensAt, startsAt, endsAt, admission, challenge });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}
