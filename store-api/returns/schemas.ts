import Type from 'typebox';
import { LIMITS } from '../../contracts/limits.ts';
import { RETURN_STATES, type ReturnState, type StoredReturn } from '../../db/queries/returns/find-returns.ts';
import { minor, nullable } from '../fulfilment/schemas.ts';
import { whole } from '../fulfilment/show.ts';

export const ReturnStateName = Type.Unsafe<ReturnState>(Type.Union(RETURN_STATES.map((state) => Type.Literal(state))));
/** Free text of a person: lines, but no other control characters. */
export const Words = (least: number) =>
  Type.String({
    ...{ minLength: least, maxLength: LIMITS.returnReasonChars },
    pattern: '^[^\\x00-\\x09\\x0b-\\x1f\\x7f]*$',
  });
export const LineNumber = Type.Integer({ minimum: 1, maximum: 32_767 });

export const ReturnAnswer = Type.Object({
  id: Type.String(),
  orderId: Type.String(),
  status: ReturnStateName,
  reason: Type.String(),
  note: Type.String({ description: 'What the shop answered.' }),
  currency: Type.String(),
  refund: { ...minor, description: 'What is given back when it has arrived: of the goods, not of the shipping.' },
  refundId: nullable(Type.String()),
  requestedAt: Type.Integer(),
  decidedAt: nullable(Type.Integer()),
  receivedAt: nullable(Type.Integer()),
  refundedAt: nullable(Type.Integer()),
  items: Type.Array(
    Type.Object({
      ...{ line: Type.Integer(), sku: Type.String(), quantity: Type.Integer(), amount: minor },
      restocked: Type.Integer({ description: 'How much of it is for sale again.' }),
      warehouseId: nullable(Type.String()),
    }),
  ),
});

export function shownReturn(stored: StoredReturn) {
  const { id, orderId, status, reason, note, currency, refundId } = stored;
  return {
    ...{ id, orderId, status, reason, note, currency, refundId, refund: stored.refundMinor },
    ...{ requestedAt: Math.round(stored.requestedAtMs), decidedAt: whole(stored.decidedAtMs) },
    ...{ receivedAt: whole(stored.receivedAtMs), refundedAt: whole(stored.refundedAtMs) },
    items: [...stored.items],
  };
}
