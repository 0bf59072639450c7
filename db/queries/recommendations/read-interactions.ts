import type { PoolClient } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

export interface ReadInteraction {
  /** Where the ids are: 16 bytes each, valid until the call returns. */
  readonly bytes: Buffer;
  readonly userAt: number;
  readonly productAt: number;
  /** 0 an order, 1 a review, 2 the wishlist, 3 a look. */
  readonly kind: number;
  readonly amount: number;
  /** Days since 1970. */
  readonly day: number;
}

/** Who was erased is in no model, although their orders are kept. */
const READ = (sinceMs: number) => {
  const since = `to_timestamp(${Math.floor(sinceMs)} / 1000.0)`;
  return `
  with forgotten as materialized (
    select user_id from recommendation_forgotten union select id from users where status = 'erased'
  ), met as (
    select o.shopper_id as user_id, v.product_id, 0 as kind, 1 as amount, o.placed_at as at
    from orders o join order_items i on i.order_id = o.id join variants v on v.sku = i.sku
    where o.id >= (lpad(to_hex(${Math.floor(sinceMs)}::bigint), 12, '0') || repeat('0', 20))::uuid
      and o.status in ('CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED', 'COMPLETED')
    union all
    select author_id, product_id, 1, stars, updated_at from reviews where status = 'PUBLISHED' and updated_at >= ${since}
    union all
    select w.user_id, v.product_id, 2, 1, w.added_at
    from wishlist_items w join variants v using (sku) where w.added_at >= ${since}
    union all
    select user_id, product_id, 3, 1, viewed_at from product_views where viewed_at >= ${since}
  )
  select user_id, product_id, kind::int2, amount::int2, floor(extract(epoch from at) / 86400)::int4
  from met where user_id not in (select user_id from forgotten)`;
};

const SIGNATURE_BYTES = 19;
/** Five columns with their lengths, none of them null: 2 + (4+16) + (4+16) + (4+2) + (4+2) + (4+4). */
const ROW_BYTES = 62;
const AT = { user: 6, product: 26, kind: 46, amount: 52, day: 58 } as const;
const COLUMNS = 5;

/**
 * Everything that shoppers did since a time, in no order, by COPY: neither side ever has more than a piece of it. A row of
 * the binary form has one length here, so that an id is 16 bytes at a known place and no text.
 */
export async function readInteractions(
  client: PoolClient,
  sinceMs: number,
  take: (row: ReadInteraction) => void,
): Promise<void> {
  const stream = client.query(copyTo(`copy (${READ(sinceMs)}) to stdout (format binary)`));
  // What comes after its end would otherwise be an error that nobody catches.
  stream.on('error', () => undefined);
  try {
    await readRows(stream, take);
  } finally {
    endTimeout(stream);
  }
}

/**
 * pg stops the clock of `query_timeout` when it calls the callback of a query, and a stream has none of its own: the clock
 * would run on, keep the process, and end a query that was over long ago.
 */
function endTimeout(stream: object): void {
  const callback: unknown = Reflect.get(stream, 'callback');
  if (typeof callback === 'function') callback();
}

async function readRows(stream: AsyncIterable<Buffer>, take: (row: ReadInteraction) => void): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let hasBegun = false;
  for await (const chunk of stream) {
    let bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (!hasBegun) {
      if (bytes.length < SIGNATURE_BYTES) {
        rest = bytes;
        continue;
      }
      hasBegun = true;
      bytes = bytes.subarray(SIGNATURE_BYTES);
    }
    let at = 0;
    // The end is a row of -1 columns, and so shorter than any.
    for (; at + ROW_BYTES <= bytes.length; at += ROW_BYTES) take(rowAt(bytes, at));
    rest = bytes.subarray(at);
  }
}

function rowAt(bytes: Buffer, at: number): ReadInteraction {
  if (bytes.readInt16BE(at) !== COLUMNS) throw new Error('a row of COPY has not the columns that it was asked for');
  return {
    bytes,
    userAt: at + AT.user,
    productAt: at + AT.product,
    kind: bytes.readInt16BE(at + AT.kind),
    amount: bytes.readInt16BE(at + AT.amount),
    day: bytes.readInt32BE(at + AT.day),
  };
}
