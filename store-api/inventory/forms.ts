import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { LINE_PATTERN } from '../auth/forms.ts';
import { Problem } from '../plugins/problems.ts';
import { Sku, Uuid } from '../products/schemas.ts';

export const tags = ['inventory'];
export const refusals = { 400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem };

const exact = { additionalProperties: false } as const;
const nullable = Type.Union([Type.String(), Type.Null()]);
export const limit = Type.Integer({ minimum: 1, maximum: 100, default: 20 });
export const Reason = Type.String({ minLength: 1, maxLength: 200, pattern: LINE_PATTERN });
const Quantity = Type.Integer({ minimum: 1, maximum: LIMITS.unitsOnShelf });
const Signed = Type.Integer({ minimum: -LIMITS.unitsOnShelf, maximum: LIMITS.unitsOnShelf });

export const KindName = Type.Union([
  Type.Literal('in'),
  Type.Literal('out'),
  Type.Literal('transfer'),
  Type.Literal('adjust'),
]);

export const MovementBody = Type.Object(
  {
    kind: Type.Union([Type.Literal('in'), Type.Literal('out'), Type.Literal('adjust')]),
    reason: { ...Reason, description: 'For the journal, such as "delivery 4711" or "broken".' },
    items: Type.Array(
      Type.Object(
        {
          ...{ sku: Sku(), warehouseId: Uuid() },
          quantity: { ...Signed, description: 'Above zero; of an adjustment the difference, which may be below.' },
        },
        exact,
      ),
      { minItems: 1, maxItems: LIMITS.movementParts },
    ),
  },
  exact,
);

export const TransferBody = Type.Object(
  {
    ...{ fromWarehouseId: Uuid(), toWarehouseId: Uuid() },
    reason: Type.Optional(Reason),
    items: Type.Array(Type.Object({ sku: Sku(), quantity: Quantity }, exact), {
      minItems: 1,
      maxItems: LIMITS.movementParts,
    }),
  },
  exact,
);

export const LowStockBody = Type.Object(
  {
    lowStockAt: Type.Integer({
      ...{ minimum: 0, maximum: 1_000_000 },
      description:
        'The merchant is told when no more than this is left over all warehouses; 0 tells only of the last unit.',
    }),
  },
  exact,
);

const Shelf = Type.Object({
  ...{ sku: Type.String(), warehouseId: Type.String() },
  ...{ onHand: Type.Integer(), reserved: Type.Integer(), available: Type.Integer() },
});
export const Moved = Type.Object({
  transferId: Type.Optional(Type.String()),
  movementIds: Type.Array(Type.String()),
  shelves: Type.Array(Shelf, { description: 'As they are now.' }),
});

export const Stocked = Type.Object({
  ...{ sku: Type.String(), productId: Type.String(), title: Type.String(), lowStockAt: Type.Integer() },
  ...{ onHand: Type.Integer(), reserved: Type.Integer({ description: 'Promised: to checkouts, orders or drops.' }) },
  available: Type.Integer({ description: 'Free in warehouses that are open.' }),
  isLow: Type.Boolean(),
  shelves: Type.Array(
    Type.Object({
      ...{ warehouseId: Type.String(), code: Type.String(), isActive: Type.Boolean() },
      ...{ onHand: Type.Integer(), reserved: Type.Integer(), available: Type.Integer() },
    }),
  ),
});
export const StockedPage = Type.Object({ items: Type.Array(Stocked), nextCursor: nullable });

const Movement = Type.Object({
  ...{ id: Type.String(), sku: Type.String(), warehouseId: Type.String(), kind: KindName },
  quantity: Type.Integer({ description: 'Above zero came in, below went out.' }),
  reason: Type.String(),
  ...{ transferId: nullable, orderId: nullable, dropId: nullable, at: Type.Integer() },
});
export const MovementPage = Type.Object({ items: Type.Array(Movement), nextCursor: nullable });

const Alert = Type.Object({
  ...{ id: Type.String(), sku: Type.String(), title: Type.String() },
  kind: Type.Union([Type.Literal('low'), Type.Literal('sold-out')]),
  available: Type.Integer({ description: 'When it was opened.' }),
  ...{ openedAt: Type.Integer(), closedAt: Type.Union([Type.Integer(), Type.Null()]) },
});
export const AlertPage = Type.Object({ items: Type.Array(Alert), nextCursor: nullable });
