-- What packing a drop's orders and returning goods need besides 0020.

alter table drop_stock
  add column packed integer not null default 0 check (packed >= 0),
  add constraint packed_before_shipped check (shipped <= packed and packed + returned <= units);
comment on column drop_stock.packed is
  'Units that are in parcels, on their way or not yet. What can still be packed, or given back to the shelf, is units − packed − returned.';

-- A merchant's orders, the newest first.
create index orders_of_merchant on shipments (merchant_id, order_id);

alter table returns add column merchant_id uuid;
comment on column returns.merchant_id is 'Who sold all of what comes back, and may decide; null where several did, and the support decides.';
create index returns_of_merchant on returns (merchant_id, id) where merchant_id is not null;
create index returns_to_decide on returns (id) where status in ('REQUESTED', 'APPROVED');

alter table shipments add column told_delivered_at timestamptz, add column closed_at timestamptz;
comment on column shipments.told_delivered_at is 'When its carrier says that it arrived: a hint, which the fulfilment worker acts on.';
comment on column shipments.closed_at is 'When the time to return it was over and its order was looked at for the last time.';
create index shipments_to_deliver on shipments (id) where status = 'SHIPPED' and told_delivered_at is not null;
create index shipments_to_close on shipments (delivered_at) where status = 'DELIVERED' and closed_at is null;
