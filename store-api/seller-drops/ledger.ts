import Type from 'typebox';
import { regionsOf } from '../../contracts/drop.ts';
import { publishedDefinition } from '../../db/drop-rows.ts';
import { findOrderUnits } from '../../db/queries/drops/order-figures.ts';
import { findDropStock, findSellerDrop } from '../../db/queries/drops/seller-drops.ts';
import { stockIdentities } from '../../reservation-core/stock-identities.ts';
import { callerOf, sellers } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import { merchantOf } from '../products/own.ts';
import type { StoreApp, StoreServices } from '../services.ts';
import { ById } from './forms.ts';
import { againstOrders, againstShelves, IDENTITIES, readRegions, verdictOf } from './ledger-sides.ts';

const NullableRegion = Type.Union([Type.String(), Type.Null()], { description: 'Null for all regions together.' });
const Row = Type.Object({
  identity: Type.String({ description: Object.keys(IDENTITIES).join(', ') }),
  says: Type.String(),
  sku: Type.String(),
  region: NullableRegion,
  left: Type.Integer(),
  right: Type.Integer(),
  verdict: Type.Union([Type.Literal('ok'), Type.Literal('under way'), Type.Literal('broken')], {
    description: 'under way: claims, payments or transfers that are on their way explain it.',
  }),
});
const Count = Type.Integer();
const Ledger = Type.Object({
  dropId: Type.String(),
  at: Type.Integer(),
  verdict: Type.Union([Type.Literal('ok'), Type.Literal('under way'), Type.Literal('broken')]),
  regions: Type.Array(
    Type.Object({
      ...{ region: Type.String(), sku: Type.String(), given: Count, allocated: Count, in: Count, out: Count },
      ...{ available: Count, held: Count, sold: Count },
    }),
  ),
  identities: Type.Array(Row),
  unreachable: Type.Array(Type.String(), { description: 'Regions that could not be read: nothing is said of them.' }),
});

export function dropLedgerRoute(app: StoreApp, services: StoreServices): void {
  const { database, clock, sale } = services;
  app.get(
    '/seller/drops/:id/ledger',
    {
      config: { access: sellers('drops') },
      schema: {
        summary: 'What must be true of a sale, with both sides of it',
        description: 'The same identities as npm run audit, which also asks Kafka and the payment providers.',
        tags: ['seller drops'],
        params: ById,
        response: { 200: Ledger, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const own = await findSellerDrop(database, request.params.id, merchantOf(callerOf(request)));
      if (own === undefined) return refuse(reply, 'DROP_NOT_FOUND');
      const drop = publishedDefinition(own.drop);
      if (drop === undefined) return refuse(reply, 'DROP_STATE', 'A draft is not sold: it has no ledger.');
      // Orders before holds: a sale is noted in Redis first, so a difference is one that is on its way.
      const orders = await findOrderUnits(database, drop.id);
      const shelves = await findDropStock(database, drop.id);
      const read = await readRegions(sale, drop.id, regionsOf(drop));
      const isSettled = own.publication.settledAt !== null;
      const facts = { drop, ...read, regions: read.regions };
      const rows = [
        ...stockIdentities(facts).map(({ holds, ...row }) => {
          const isPartial = row.region === null && read.unreachable.length > 0;
          return { ...row, verdict: verdictOf(holds, row.identity === 'transfers' || isPartial) };
        }),
        ...againstOrders(read.ledgers, orders, isSettled),
        ...againstShelves(drop.skus, read, shelves, isSettled),
      ];
      const isBroken = rows.some(({ verdict }) => verdict === 'broken');
      const isOpen = read.unreachable.length > 0 || rows.some(({ verdict }) => verdict === 'under way');
      return {
        ...{ dropId: drop.id, at: clock.now(), unreachable: read.unreachable },
        verdict: isBroken ? ('broken' as const) : isOpen ? ('under way' as const) : ('ok' as const),
        regions: read.ledgers.map(({ region, sku, ledger }) => {
          const item = drop.skus.find((one) => one.sku === sku);
          return { region, sku, given: item?.allocation[region] ?? 0, ...ledger };
        }),
        identities: rows.map((row) => ({ ...row, says: IDENTITIES[row.identity] })),
      };
    },
  );
}
