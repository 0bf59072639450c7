import type { ClientBase, Pool } from 'pg';

export interface LetterPlace {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
}

const RECORD = `
  insert into replayed_letters (topic, partition, letter_offset)
  select * from unnest($1::text[], $2::int[], $3::bigint[])
  on conflict (topic, partition, letter_offset) do update set replayed_at = now()`;

/** Writes that these dead letters were sent back; once more for those that were before. */
export async function recordReplayed(database: Pool | ClientBase, places: readonly LetterPlace[]): Promise<void> {
  if (places.length === 0) return;
  await database.query({
    name: 'record-replayed',
    text: RECORD,
    values: [
      places.map(({ topic }) => topic),
      places.map(({ partition }) => partition),
      places.map(({ offset }) => offset),
    ],
  });
}

const FIND = `
  select topic, partition, letter_offset::text as offset, replayed_at as "replayedAt"
  from replayed_letters where topic = any ($1::text[])`;

/** When the dead letters of these topics were sent back. */
export async function findReplayed(
  database: Pool | ClientBase,
  topics: readonly string[],
): Promise<readonly (LetterPlace & { readonly replayedAt: Date })[]> {
  const { rows } = await database.query<LetterPlace & { replayedAt: Date }>({
    name: 'find-replayed',
    text: FIND,
    values: [topics],
  });
  return rows;
}
