import type { ClientBase } from 'pg';
import { encodeEvent } from '../../../contracts/events/codec.ts';
import type { IdSource } from '../../../contracts/ids.ts';
import { insertOutbox } from '../insert-outbox.ts';

const NAMES_PER_EVENT = 100;

/** Tells all stores that the availability of these SKUs may be another one than what their caches show. */
export async function tellAvailability(
  client: ClientBase,
  skus: readonly string[],
  { nextId, atMs }: { readonly nextId: IdSource; readonly atMs: number },
): Promise<void> {
  if (skus.length === 0) return;
  const { rows } = await client.query<{ id: string; slug: string }>({
    name: 'products-of-skus',
    text: `
      select distinct p.id, p.slug from variants v join products p on p.id = v.product_id where v.sku = any ($1::text[])`,
    values: [skus],
  });
  const chunks = Array.from({ length: Math.ceil(rows.length / NAMES_PER_EVENT) }, (_, at) =>
    rows.slice(at * NAMES_PER_EVENT, (at + 1) * NAMES_PER_EVENT),
  );
  const events = chunks.map((chunk) => {
    const ids = chunk.flatMap(({ id, slug }) => [id, slug]);
    const text = encodeEvent({
      type: 'cache.invalidate',
      v: 1,
      id: nextId(),
      at: atMs,
      data: { kind: 'product', ids },
    });
    return { topic: 'cache.invalidate', key: ids[0] ?? 'product', text };
  });
  await insertOutbox(client, events);
}
