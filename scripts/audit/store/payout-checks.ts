/** What must be true of what merchants are owed. */
import type { StoreCheck } from './store-check.ts';

export const PAYOUT_CHECKS: readonly StoreCheck[] = [
  {
    identity: 'settlements',
    what: 'parts of all merchants in a transfer = the transfer',
    text: `
      select s.transfer_id::text as id, s.amount || ' settled, ' || coalesce(e.amount, 0) || ' by the ledger' as detail
      from (select transfer_id, sum(amount_minor) as amount from settlements group by transfer_id) s
      left join lateral (
        select sum(e.amount_minor) as amount
        from ledger_entries e join ledger_accounts a on a.id = e.account_id
        where e.transfer_id = s.transfer_id and a.kind = 'sales'
      ) e on true
      where s.amount is distinct from e.amount`,
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
