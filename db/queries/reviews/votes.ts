import type { ClientBase, Pool } from 'pg';

/** One a person; the same again changes nothing. The sums follow a moment later (fold-votes.ts). */
export async function vote(client: ClientBase, reviewId: string, userId: string, isHelpful: boolean): Promise<void> {
  await client.query({
    name: 'vote-for-review',
    text: `
      insert into review_votes as v (review_id, user_id, is_helpful) values ($1, $2, $3)
      on conflict (review_id, user_id) do update set is_helpful = $3, at = now() where v.is_helpful <> $3`,
    values: [reviewId, userId, isHelpful],
  });
}

export async function takeVoteBack(database: Pool, reviewId: string, userId: string): Promise<boolean> {
  const { rowCount } = await database.query({
    name: 'take-vote-back',
    text: 'delete from review_votes where review_id = $1::uuid and user_id = $2::uuid',
    values: [reviewId, userId],
  });
  return rowCount === 1;
}
