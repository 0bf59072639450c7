/** What shoppers were told, held against the database and against the books of who took the money. */
import { isMessage, numberIn } from '../../sockets/read-message.ts';
import type { SaleStage } from '../stage.ts';

export interface ToldProblems {
  readonly problems: readonly string[];
  readonly lost: number;
  readonly duplicated: number;
  readonly paidOrders: number;
  readonly orders: number;
}

const COUNTS = `
  select count(*)::int as orders,
    count(*) filter (where status in ('CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED'))::int as paid,
    count(*) filter (where id = any ($2::uuid[]))::int as told,
    count(*) filter (where id = any ($3::uuid[]) and status not in ('CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED'))::int as "toldPaidAndNot",
    count(*) filter (where not id = any ($2::uuid[]))::int as untold
  from orders where drop_id = $1`;

export async function auditTold(
  { database, gatewayUrl }: SaleStage,
  dropId: string,
  told: { readonly claimIds: readonly string[]; readonly paidIds: readonly string[]; readonly unknown: number },
): Promise<ToldProblems> {
  const { rows } = await database.query<Record<'orders' | 'paid' | 'told' | 'toldPaidAndNot' | 'untold', number>>(
    COUNTS,
    [dropId, told.claimIds, told.paidIds],
  );
  const found = rows[0] ?? { orders: 0, paid: 0, told: 0, toldPaidAndNot: 0, untold: 0 };
  const lost = told.claimIds.length - found.told;
  const untold = Math.max(0, found.untold - told.unknown);
  const twice = await chargedTwice(gatewayUrl);
  const problems = [
    ...(lost > 0 ? [`${lost} claims were told won and have no order`] : []),
    // Whoever was cut off right after claiming may have won without ever hearing of it.
    ...(untold > 0 ? [`${untold} orders of claims that nobody was told of`] : []),
    ...(found.toldPaidAndNot > 0 ? [`${found.toldPaidAndNot} orders were told paid and are not`] : []),
    ...(twice > 0 ? [`${twice} payments were captured more than once in the books of the provider`] : []),
  ];
  return { problems, lost: Math.max(0, lost), duplicated: untold, paidOrders: found.paid, orders: found.orders };
}

/** Its books, not ours. */
async function chargedTwice(gatewayUrl: string): Promise<number> {
  const books: unknown = await (await fetch(`${gatewayUrl}/_control/books`)).json();
  const payments = isMessage(books) && isMessage(books['payments']) ? books['payments'] : {};
  return Object.values(payments).filter((one) => isMessage(one) && (numberIn(one, 'captures') ?? 0) > 1).length;
}
