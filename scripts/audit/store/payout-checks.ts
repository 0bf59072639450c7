/** What must be true of what merchants are owed. */
import { LIFETIMES } from '../../../contracts/limits.ts';
import type { StoreCheck } from './store-check.ts';

export const PAYOUT_CHECKS: readonly StoreCheck[] = [
  {
    identity: 'settlements',
    what: 'parts of all merchants in a transfer = the transfer, and none is left out',
    text: `
      select s.transfer_id::text as id, s.amount || ' settled, ' || coalesce(e.amount, 0) || ' by the ledger' as detail
      from (select transfer_id, sum(amount_minor) as amount from settlements group by transfer_id) s
      left join lateral (
        select sum(e.amount_minor) as amount
        from ledger_entries e join ledger_accounts a on a.id = e.account_id
        where e.transfer_id = s.transfer_id and a.kind = 'sales'
      ) e on true
      where s.amount is distinct from e.amount
      union all
      select t.id::text, 'settled by nobody, of ' || t.at
      from ledger_transfers t
      where t.kind in ('payment', 'refund') and t.order_id is not null
        and t.at < (select settled_through from settlement_progress) - ${LIFETIMES.settleLagMs} * interval '1 ms'
        and not exists (select from settlements s where s.transfer_id = t.id)
        and exists (
          select from ledger_entries e join ledger_accounts a on a.id = e.account_id
          where e.transfer_id = t.id and a.kind = 'sales'
        )`,
  },
  {
    identity: 'payouts',
    what: 'a payout = its lines',
    text: `
      select p.id::text as id, p.net_minor || ' paid out, its lines ' || coalesce(s.net, 0) as detail
      from payouts p
      left join lateral (
        select sum(amount_minor - fee_minor) as net, sum(fee_minor) as fees, count(*) as lines
        from settlements s where s.payout_id = p.id and s.merchant_id = p.merchant_id and s.currency = p.currency
      ) s on true
      where (p.net_minor, p.fees_minor, p.lines) is distinct from (coalesce(s.net, 0), coalesce(s.fees, 0), s.lines)`,
  },
];
