-- Redis answers a repeated claim from its key. When a region has lost its data, the answers come back from here
-- (reservation-core/rebuild): without the key a shopper who repeats would be sold a second time.
-- Null for orders of the store, and for what was claimed before this column was there.

alter table orders add column claim_key text check (claim_key ~ '^[A-Za-z0-9._:-]{1,64}$');
comment on column orders.claim_key is 'The idempotency key of the claim; the shopper and the key name the claim in its region.';
