-- A refund that nobody has before them is found without reading all that are done.
create index refunds_nobody_does on refunds (created_at) where status = 'PENDING' and due_at is null;
