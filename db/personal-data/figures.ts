import { BOOKKEEPING, type TablesData } from './kinds.ts';

const NOBODY = { notExported: 'Ids of merchants and staff, of no shopper.', notErased: BOOKKEEPING } as const;

/** Sums, what merchants are owed, and groups of shoppers. */
export const FIGURES_DATA: TablesData = {
  figures: {
    none: 'at grain name product_id sku drop_id region currency events units amount_minor',
    person: 'merchant_id',
    ...NOBODY,
  },
  figure_offsets: { none: 'topic partition next_offset updated_at' },
  figures_counted: { none: 'event_id counted_at' },
  figure_batches: { none: 'id rows made_at' },
  // A sketch says how many there were, never who: nobody can be read from it, nor taken out of it.
  figure_shoppers: { none: 'day stage sketch', person: 'merchant_id', ...NOBODY },
  commissions: { none: 'id basis_points valid_from set_at', person: 'merchant_id set_by', ...NOBODY },
  payouts: {
    none: `id currency number from_at until_at sales_minor refunds_minor fees_minor net_minor lines closed_at`,
    person: 'merchant_id closed_by',
    ...NOBODY,
  },
  settlements: {
    none: 'transfer_id order_id kind currency amount_minor basis_points fee_minor at payout_id',
    person: 'merchant_id',
    ...NOBODY,
  },
  settlement_progress: { none: 'is_only settled_through' },
  segment_rules: { none: 'id rules set_at', person: 'set_by', ...NOBODY },
  segment_runs: { none: 'is_only begun_at done_at' },
  shopper_segments: {
    none: 'scope_id computed_at',
    person: 'user_id',
    personal: 'segments orders spent_minor first_at last_at',
    ...{ exported: 'segments', erased: 'segments' },
  },
  cohorts: { none: 'scope_id first_month month shoppers orders computed_at' },
};
