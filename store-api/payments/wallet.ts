import Type from 'typebox';
import { walletBalances, walletEntries } from '../../db/queries/store-payments/wallet.ts';
import { callerOf, SIGNED_IN } from '../plugins/access.ts';
import { Problem } from '../plugins/problems.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { nullable, oneOf, Uuid } from './forms.ts';

const Query = Type.Object(
  { cursor: Type.Optional(Uuid), limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }) },
  { additionalProperties: false },
);
const Entry = Type.Object({
  id: Type.String({ description: 'Of the payment or the refund that caused it.' }),
  kind: oneOf(['payment', 'refund', 'top-up', 'withdrawal']),
  orderId: nullable(Type.String()),
  at: Type.Integer(),
  currency: Type.String(),
  amount: Type.Integer({ description: 'Minor units: above zero came in, below zero went out.' }),
});
const Wallet = Type.Object({
  balances: Type.Array(Type.Object({ currency: Type.String(), balance: Type.Integer() })),
  items: Type.Array(Entry),
  nextCursor: nullable(Type.String()),
});

export function walletRoute(app: StoreApp, { database }: StoreServices): void {
  app.get(
    '/me/wallet',
    {
      config: { access: SIGNED_IN },
      schema: {
        summary: 'What is in one’s wallet, by currency, and how it came there, the newest first',
        tags: ['payments'],
        querystring: Query,
        response: { 200: Wallet, 400: Problem, 401: Problem, 403: Problem },
      },
    },
    async (request) => {
      const { userId } = callerOf(request);
      const { cursor, limit } = request.query;
      const found = await walletEntries(database, userId, { before: cursor, limit: limit + 1 });
      const items = found.slice(0, limit).map(({ id, kind, orderId, atMs, currency, amountMinor }) => ({
        ...{ id, kind, orderId, currency },
        ...{ at: Math.round(atMs), amount: amountMinor },
      }));
      const balances = await walletBalances(database, userId);
      return {
        balances: balances.map(({ currency, balanceMinor }) => ({ currency, balance: balanceMinor })),
        items,
        nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null,
      };
    },
  );
}
