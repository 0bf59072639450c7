import Type from 'typebox';
import { UUID_V7_PATTERN } from '../../contracts/ids.ts';
import { findDropStock, findSellerDrop, listSellerDrops } from '../../db/queries/drops/seller-drops.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { SellerDropAnswer, sellerDropAnswer, WholeDropAnswer, wholeDropAnswer } from './answers.ts';
import { ById } from './forms.ts';
import { judge } from './judge.ts';
import { planOf } from './own.ts';

const STATES = ['draft', 'scheduled', 'paused', 'ended'] as const;

const Query = Type.Object(
  {
    state: Type.Optional(Type.Union(STATES.map((state) => Type.Literal(state)))),
    cursor: Type.Optional(Type.String({ pattern: UUID_V7_PATTERN, description: 'nextCursor of the page before.' })),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 20 }),
  },
  { additionalProperties: false },
);

const Page = Type.Object({
  items: Type.Array(SellerDropAnswer),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});

export function readDropRoutes(app: StoreApp, services: StoreServices): void {
  const { database, clock } = services;

  app.get(
    '/seller/drops',
    {
      config: { access: sellers('drops') },
      schema: {
        summary: 'The drops of the merchant who asks, the newest first; an admin sees those of all',
        tags: ['seller drops'],
        querystring: Query,
        response: { 200: Page },
      },
    },
    async (request) => {
      const { state, cursor, limit } = request.query;
      const found = await listSellerDrops(database, {
        merchantId: merchantOf(callerOf(request)),
        states: state === undefined ? STATES : [state],
        before: cursor,
        limit: limit + 1,
      });
      const page = found.slice(0, limit);
      const nextCursor = found.length > limit ? (page.at(-1)?.drop.id ?? null) : null;
      return { items: page.map((own) => sellerDropAnswer(own, clock.now())), nextCursor };
    },
  );

  app.get(
    '/seller/drops/:id',
    {
      config: { access: sellers('drops') },
      schema: {
        summary: 'One drop of the merchant who asks, with its shelves and how far it is published',
        tags: ['seller drops'],
        params: ById,
        response: { 200: WholeDropAnswer, 404: Problem },
      },
    },
    async (request, reply) => {
      const own = await findSellerDrop(database, request.params.id, merchantOf(callerOf(request)));
      if (own === undefined) return refuse(reply, 'DROP_NOT_FOUND');
      const { drop } = own;
      const of = { merchantId: drop.merchantId, dropId: drop.id };
      const check = drop.state === 'draft' ? await judge(services, database, planOf(drop), of) : null;
      return wholeDropAnswer(own, { stock: await findDropStock(database, drop.id), check, nowMs: clock.now() });
    },
  );
}
