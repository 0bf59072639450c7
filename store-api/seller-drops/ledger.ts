import Type from 'typebox';
import { regionsOf } from '../../contracts/drop.ts';
import { publishedDefinition } from '../../db/drop-rows.ts';
import { findOrderUnits, type OrderUnits } from '../../db/queries/drops/order-figures.ts';
import { type DropShelf, findDropStock, findSellerDrop } from '../../db/queries/drops/seller-drops.ts';
import { type RegionLedger, readLedgers } from '../../reservation-core/ledgers.ts';
import { createTransfers } from '../../reservation-core/regions/transfers.ts';
import { STOCK_IDENTITIES, stockIdentities } from '../../reservation-core/stock-identities.ts';
import { callerOf } from '../plugins/access.ts';
import { Problem, refuse } from '../plugins/problems.ts';
import { MERCHANTS, merchantOf } from '../products/own.ts';
import type { SaleCore, StoreApp, StoreServices } from '../services.ts';
import { ById } from './forms.ts';

const IDENTITIES = {
  ...STOCK_IDENTITIES,
  sold: 'sold in Redis = units of paid orders',
  held: 'held in Redis = units of waiting orders',
  drawn: 'drawn from the shelves = what the merchant gave',
  settled: 'drawn = sold + given back',
} as const;

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
      config: { access: MERCHANTS },
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

type Verdict = 'ok' | 'under way' | 'broken';
interface Compared {
  readonly identity: keyof typeof IDENTITIES;
  readonly sku: string;
  readonly region: string | null;
  readonly left: number;
  readonly right: number;
  readonly verdict: Verdict;
}

function verdictOf(holds: boolean, mayDiffer: boolean): Verdict {
  return holds ? 'ok' : mayDiffer ? 'under way' : 'broken';
}

interface Read {
  readonly ledgers: RegionLedger[];
  readonly regions: string[];
  readonly unreachable: string[];
  readonly open: Awaited<ReturnType<ReturnType<typeof createTransfers>['open']>>;
}

async function readRegions(sale: SaleCore | undefined, dropId: string, wanted: readonly string[]): Promise<Read> {
  if (sale === undefined) return { ledgers: [], regions: [], unreachable: [...wanted], open: [] };
  const { shards, keys } = sale;
  const transfers = createTransfers({ shards, keys });
  const read: Read = { ledgers: [], regions: [], unreachable: [], open: [] };
  for (const region of wanted) {
    try {
      const open = await transfers.open(dropId, region);
      const ledgers = await readLedgers(shards, keys, dropId, [region]);
      // Not published yet, or its data is lost.
      if (ledgers.length === 0) read.unreachable.push(region);
      else {
        read.ledgers.push(...ledgers);
        read.regions.push(region);
        read.open.push(...open);
      }
    } catch {
      read.unreachable.push(region);
    }
  }
  return read;
}

function againstOrders(
  ledgers: readonly RegionLedger[],
  orders: readonly OrderUnits[],
  isSettled: boolean,
): Compared[] {
  return ledgers.flatMap(({ sku, region, ledger }) => {
    const own = orders.find((one) => one.sku === sku && one.region === region);
    const [sold, held, calledOff] = [own?.sold ?? 0, own?.held ?? 0, own?.calledOff ?? 0];
    // What was called off after it was paid may have come back, or not.
    const isSold = ledger.sold <= sold && ledger.sold >= sold - calledOff;
    return [
      { ...{ identity: 'sold', sku, region }, left: ledger.sold, right: sold, verdict: verdictOf(isSold, !isSettled) },
      {
        ...{ identity: 'held', sku, region },
        ...{ left: ledger.held, right: held, verdict: verdictOf(ledger.held === held, !isSettled) },
      },
    ] satisfies Compared[];
  });
}

function againstShelves(
  items: readonly { readonly sku: string; readonly allocation: Readonly<Record<string, number>> }[],
  { ledgers, unreachable }: Read,
  shelves: readonly DropShelf[],
  isSettled: boolean,
): Compared[] {
  return items.flatMap(({ sku, allocation }) => {
    const own = shelves.filter((shelf) => shelf.sku === sku);
    if (own.length === 0) return [];
    const total = (count: 'units' | 'returned') => own.reduce((sum, shelf) => sum + shelf[count], 0);
    const given = Object.values(allocation).reduce((sum, units) => sum + units, 0);
    const sold = ledgers.reduce((sum, one) => sum + (one.sku === sku ? one.ledger.sold : 0), 0);
    const drawn: Compared = {
      ...{ identity: 'drawn', sku, region: null, left: total('units'), right: given },
      verdict: verdictOf(total('units') === given, false),
    };
    const back = sold + total('returned');
    const settled: Compared = {
      ...{ identity: 'settled', sku, region: null, left: total('units'), right: back },
      verdict: verdictOf(total('units') === back, !isSettled || unreachable.length > 0),
    };
    return [drawn, settled];
  });
}
