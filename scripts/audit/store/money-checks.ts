/** What must be true of orders of the store and of all money. */
import type { StoreCheck } from './store-check.ts';

const SALES = `'CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'COMPLETED', 'RETURN_REQUESTED', 'RETURN_APPROVED', 'RETURN_RECEIVED'`;

/* Money of an order that is over, or taken twice, is here only while somebody has its way back before them. */
const ON_ITS_WAY_BACK = `
  p.due_at is not null or exists (
    select from refunds r
    where r.order_id = p.order_id and r.payment_id = p.id and r.status = 'PENDING' and r.due_at is not null
  )`;

export const MONEY_CHECKS: readonly StoreCheck[] = [
  {
    identity: 'totals',
    what: 'items of an order = its lines, less the tax inside them; its discount = theirs',
    text: `
      select o.id::text as id, o.items_minor || ' in all, its lines ' || coalesce(i.amount, 0) as detail from orders o
      left join lateral (
        select sum(quantity * unit_price_minor)::bigint as amount, sum(coalesce(discount_minor, 0))::bigint as discount,
          sum(tax_minor)::bigint as tax_on_top
        from order_items i where i.order_id = o.id
      ) i on true
      where o.source = 'store' and (
        coalesce(i.amount, 0) - o.items_minor not between 0 and case when i.tax_on_top is null then o.tax_minor else 0 end
        or coalesce(i.tax_on_top, 0) > o.tax_minor or coalesce(i.discount, 0) <> o.discount_minor
      )`,
  },
  {
    identity: 'history',
    what: 'steps of an order = its history',
    text: `
      select o.id::text as id, o.status || ' at step ' || o.step as detail from orders o
      left join lateral (
        select count(*) as steps, (array_agg(status order by step desc))[1] as last
        from order_status_history h where h.order_id = o.id
      ) h on true
      where o.source = 'store' and (h.steps <> o.step + 1 or h.last is distinct from o.status)`,
  },
  {
    identity: 'paid-once',
    what: 'one payment of an order is kept',
    harm: 'charged twice',
    text: `
      select p.order_id::text as id, 'a second payment is kept' as detail
      from payments p join orders o on o.id = p.order_id
      where o.source = 'store' and p.refunded_minor < p.amount_minor and not (${ON_ITS_WAY_BACK}) and (
        p.status = 'SURPLUS' or (
          p.status = 'CAPTURED' and exists (
            select from payments other
            where other.order_id = p.order_id and other.id < p.id and other.status in ('CAPTURED', 'AUTHORIZED')
          )
        )
      )`,
  },
  {
    identity: 'paid-in-full',
    what: 'captured = the total of the order',
    text: `
      select o.id::text as id, p.amount_minor || ' of ' || o.total_minor as detail
      from orders o join payments p on p.order_id = o.id
      where o.source = 'store' and p.status in ('CAPTURED', 'AUTHORIZED', 'SURPLUS')
        and (p.amount_minor, p.currency) is distinct from (o.total_minor, o.currency)`,
  },
  {
    identity: 'confirmed-is-paid',
    what: 'confirmed orders = those that are paid, or pay cash',
    text: `
      select o.id::text as id, o.status || ' without a payment' as detail from orders o
      where o.source = 'store' and o.status in (${SALES}) and not exists (
        select from payments p where p.order_id = o.id and p.status in ('CAPTURED', 'AUTHORIZED')
      )`,
  },
  {
    identity: 'cancelled-is-refunded',
    what: 'nothing is kept of a cancelled order',
    harm: 'charged for nothing',
    text: `
      select o.id::text as id, p.amount_minor - p.refunded_minor || ' of a ' || o.status || ' order' as detail
      from orders o join payments p on p.order_id = o.id
      where o.source = 'store' and o.status in ('CANCELLED', 'REFUND_PENDING') and p.status = 'CAPTURED'
        and p.refunded_minor < p.amount_minor and not (${ON_ITS_WAY_BACK})`,
  },
  {
    identity: 'refunds',
    what: 'given back of a payment = its refunds, and never more than was taken',
    text: `
      select p.id::text as id, p.refunded_minor || ' given back' as detail from payments p
      join lateral (
        select coalesce(sum(amount_minor) filter (where status = 'DONE'), 0) as done,
          coalesce(sum(amount_minor) filter (where status = 'PENDING'), 0) as pending
        from refunds r where r.order_id = p.order_id and r.payment_id = p.id
      ) r on true
      where p.captured_at is not null and (p.refunded_minor <> r.done or r.done + r.pending > p.amount_minor)`,
  },
  {
    identity: 'promotions',
    what: 'no code of a cancelled order is used up',
    text: `
      select r.reference::text as id, 'its promotion was not given back' as detail
      from promotion_redemptions r join orders o on o.id = r.reference
      where r.state <> 'released' and o.status in ('CANCELLED', 'REFUND_PENDING')`,
  },
  {
    identity: 'ledger-transfers',
    what: 'transfers of money add up to nothing',
    text: `
      select t.id::text as id, coalesce(sum(e.amount_minor), 0) || ' in ' || count(e.*) || ' entries' as detail
      from ledger_transfers t left join ledger_entries e on e.transfer_id = t.id
      group by t.id having coalesce(sum(e.amount_minor), 0) <> 0 or count(e.*) < 2`,
  },
  {
    identity: 'ledger-balances',
    what: 'balance of an account = sum of its entries',
    text: `
      select a.id::text as id, a.kind || ' ' || a.currency || ': ' || a.balance_minor as detail from ledger_accounts a
      left join (select account_id, sum(amount_minor) as amount from ledger_entries group by account_id) e
        on e.account_id = a.id
      where a.balance_minor <> coalesce(e.amount, 0)`,
  },
  {
    identity: 'ledger-orders',
    what: 'sales of an order by the ledger = captured − given back',
    text: `
      select coalesce(p.order_id, s.order_id)::text as id,
        coalesce(s.amount, 0) || ' by the ledger, ' || coalesce(p.amount, 0) || ' by its payments' as detail
      from (
        select order_id, sum(amount_minor - refunded_minor) as amount from payments
        where captured_at is not null group by order_id
      ) p full join (
        select t.order_id, sum(e.amount_minor) as amount
        from ledger_transfers t
        join ledger_entries e on e.transfer_id = t.id
        join ledger_accounts a on a.id = e.account_id
        where a.kind = 'sales' and t.order_id is not null group by t.order_id
      ) s on s.order_id = p.order_id
      where coalesce(s.amount, 0) <> coalesce(p.amount, 0)`,
  },
];
