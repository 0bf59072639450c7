import type { ClientBase, Pool } from 'pg';
import type { ReviewStatus } from './review-rows.ts';

export interface ImageBegun {
  readonly id: string;
  /** The same bytes were taken for this review before. */
  readonly isReady: boolean;
}

/** Undefined where the review has as many as it may. The review is locked by the caller. */
export async function beginImage(
  client: ClientBase,
  wanted: { readonly id: string; readonly reviewId: string; readonly digest: Buffer; readonly most: number },
): Promise<ImageBegun | undefined> {
  const { id, reviewId, digest, most } = wanted;
  const known = await client.query<ImageBegun>({
    name: 'find-image-by-digest',
    text: 'select id, is_ready as "isReady" from review_images where review_id = $1::uuid and digest = $2',
    values: [reviewId, digest],
  });
  if (known.rows[0] !== undefined) return known.rows[0];
  const { rowCount } = await client.query({
    name: 'begin-image',
    text: `
      insert into review_images (id, review_id, digest) select $1::uuid, $2::uuid, $3
      where (select count(*) from review_images where review_id = $2::uuid) < $4`,
    values: [id, reviewId, digest, most],
  });
  return rowCount === 1 ? { id, isReady: false } : undefined;
}

export interface ImageFacts {
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

/**
 * False where the row is gone, with its review: then what was stored meanwhile is written down to be removed, as its
 * removal may have been done before it was there.
 */
export async function finishImage(
  client: ClientBase,
  id: string,
  { width, height, bytes }: ImageFacts,
  keys: readonly string[],
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'finish-image',
    text: 'update review_images set is_ready = true, width = $2, height = $3, bytes = $4 where id = $1::uuid',
    values: [id, width, height, bytes],
  });
  if (rowCount === 1) return true;
  await client.query({
    name: 'remove-late-image',
    text: 'insert into object_removals (key) select unnest($1::text[]) on conflict (key) do update set due_at = now()',
    values: [keys],
  });
  return false;
}

/** What was begun and could not be stored. Not where the same picture, sent at the same time, was. */
export async function giveUpImage(database: Pool, id: string): Promise<void> {
  await database.query({
    name: 'give-up-image',
    text: 'delete from review_images where id = $1::uuid and not is_ready',
    values: [id],
  });
}

/** One that its author takes away. */
export async function removeImage(database: Pool | ClientBase, reviewId: string, id: string): Promise<boolean> {
  const { rowCount } = await database.query({
    name: 'remove-image',
    text: 'delete from review_images where id = $1::uuid and review_id = $2::uuid',
    values: [id, reviewId],
  });
  return rowCount === 1;
}

export interface FoundImage {
  readonly authorId: string;
  readonly reviewStatus: ReviewStatus;
}

export async function findImage(database: Pool, id: string): Promise<FoundImage | undefined> {
  const { rows } = await database.query<FoundImage>({
    name: 'find-image',
    text: `
      select r.author_id as "authorId", r.status as "reviewStatus"
      from review_images i join reviews r on r.id = i.review_id where i.id = $1::uuid and i.is_ready`,
    values: [id],
  });
  return rows[0];
}
