import { randomBytes } from 'node:crypto';
import Type from 'typebox';
import { drawShelves } from '../../commerce/drops/draw-shelves.ts';
import type { StoredDrop } from '../../db/drop-rows.ts';
import { createDraw } from '../../db/queries/create-draw.ts';
import { drawStock } from '../../db/queries/drops/draw-stock.ts';
import { findShelvesOf } from '../../db/queries/drops/find-drop-facts.ts';
import { findSellerDrop } from '../../db/queries/drops/seller-drops.ts';
import { setDropState } from '../../db/queries/drops/write-drop.ts';
import { lockStock } from '../../db/queries/stock/lock-stock.ts';
import type { DatabaseClient } from '../../platform/connections/postgres.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, Refusal, refuse } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { CheckAnswer, FindingsDocument, type Told, WholeDropAnswer } from './answers.ts';
import { checkAnswer } from './check.ts';
import { ById } from './forms.ts';
import { judge } from './judge.ts';
import { changeOwnDrop, planOf } from './own.ts';
import { DropRefusal } from './refusal.ts';

const SEED_BYTES = 32;

export function scheduleDropRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/seller/drops/:id/schedule',
    {
      config: { access: sellers('drops'), idempotency: 'own' },
      schema: {
        summary: 'Schedules a draft: its units are drawn from the shelves, and shoppers hear of it within a second',
        tags: ['seller drops'],
        params: ById,
        querystring: Type.Object(
          { dryRun: Type.Boolean({ default: false, description: 'Tells what would come of it, and does nothing.' }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Union([WholeDropAnswer, CheckAnswer]),
          ...{ 404: Problem, 409: Problem, 422: FindingsDocument },
        },
      },
    },
    async (request, reply) => {
      const { id: dropId } = request.params;
      if (request.query.dryRun) {
        const own = await findSellerDrop(services.database, dropId, merchantOf(callerOf(request)));
        if (own === undefined) return refuse(reply, 'DROP_NOT_FOUND');
        requireDraft(own.drop);
        const plan = planOf(own.drop);
        return checkAnswer(plan, await judge(services, services.database, plan, of(own.drop)));
      }
      const act = { dropId, action: 'drop.schedule' };
      return await changeOwnDrop(services, request, reply, act, ({ client, own }) =>
        schedule(services, client, own.drop),
      );
    },
  );
}

/**
 * Invariant 1: the shelves are locked before anything is read of them, by everybody in the same order. So of two drops that
 * want the same units, or the same item at the same time, the second one sees what the first one took.
 */
async function schedule(services: StoreServices, client: DatabaseClient, drop: StoredDrop): Promise<Told> {
  requireDraft(drop);
  const plan = planOf(drop);
  const skus = plan.skus.map(({ sku }) => sku);
  await lockStock(client, await findShelvesOf(client, skus), 'given to a drop');
  const judged = await judge(services, client, plan, of(drop));
  if (judged.problems.length > 0) throw new DropRefusal('DROP_IMPOSSIBLE', judged);
  const drawn = drawShelves(plan.skus, judged.shelves);
  if (drawn === undefined) throw new Error(`the shelves had enough for ${drop.id} and have not`);
  // While it is a draft: nobody can have seen the drop before its seed was committed to.
  if (drop.mode === 'lottery') await createDraw(client, { dropId: drop.id, seed: randomBytes(SEED_BYTES) });
  await drawStock(client, drop.id, drawn);
  await setDropState(client, drop.id, 'scheduled');
  return judged;
}

const of = ({ merchantId, id: dropId }: StoredDrop) => ({ merchantId, dropId });

function requireDraft({ state }: StoredDrop): void {
  if (state !== 'draft')
    throw new Refusal('DROP_STATE', { detail: `The drop is ${state}; only a draft is scheduled.` });
}
