import { drawShelves } from '../../commerce/drops/draw-shelves.ts';
import type { DropPlan } from '../../commerce/drops/plan.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { CheckAnswer, told } from './answers.ts';
import { judgeForm, sellerOf } from './create.ts';
import { NewDropForm } from './forms.ts';
import type { Judged } from './judge.ts';

export function checkDropRoute(app: StoreApp, services: StoreServices): void {
  app.post(
    '/seller/drops/check',
    {
      config: { access: sellers('drops'), idempotency: 'none' },
      schema: {
        summary: 'What stands in the way of a drop, without making one',
        tags: ['seller drops'],
        body: NewDropForm,
        response: { 200: CheckAnswer, 400: Problem, 403: Problem },
      },
    },
    async (request) => {
      const merchantId = sellerOf(callerOf(request), request.body.merchantId);
      const { plan, findings } = await judgeForm(services, services.database, request.body, merchantId);
      return checkAnswer(plan, findings);
    },
  );
}

export function checkAnswer(plan: DropPlan, judged: Judged) {
  const names = new Map(judged.shelves.map(({ warehouseId, warehouse }) => [warehouseId, warehouse]));
  const drawn = drawShelves(plan.skus, judged.shelves) ?? [];
  const draws = drawn.map(({ sku, warehouseId, units }) => {
    return { sku, warehouse: names.get(warehouseId) ?? warehouseId, units };
  });
  return { ok: judged.problems.length === 0, ...told(judged), drop: plan, draws };
}
