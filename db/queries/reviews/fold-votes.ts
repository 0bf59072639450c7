import type { ClientBase } from 'pg';

/** Adds votes to their reviews; of a review that is gone they are of no interest. By who holds the lock of the fold. */
export async function foldVotes(client: ClientBase, limit: number): Promise<number> {
  const { rows } = await client.query<{ taken: number }>({
    name: 'fold-votes',
    text: `
      with taken as (
        delete from vote_changes where id in (select id from vote_changes order by id limit $1)
        returning review_id, helpful, unhelpful
      ), sums as (
        select review_id, sum(helpful) as helpful, sum(unhelpful) as unhelpful from taken group by review_id
      ), locked as (
        -- In the order of the ids, as everybody locks several.
        select r.id from reviews r join sums s on s.review_id = r.id order by r.id for no key update of r
      ), added as (
        update reviews r set helpful = r.helpful + s.helpful, unhelpful = r.unhelpful + s.unhelpful
        from sums s join locked l on l.id = s.review_id where r.id = s.review_id
      )
      select count(*)::int as taken from taken`,
    values: [limit],
  });
  return rows[0]?.taken ?? 0;
}
