-- What cannot be published would stop everything behind it, so it is refused where it is written.
-- A test compares the topics with contracts/topics.ts.
alter table outbox
  add constraint topic_is_known check (topic in (
    'claims.won', 'claims.released', 'order.created', 'order.status', 'payment.completed', 'payment.failed',
    'inventory.updated', 'notification.email', 'analytics.event', 'cache.invalidate'
  )),
  add constraint payload_fits_an_event check (octet_length(payload) <= 65536);
