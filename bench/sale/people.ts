/** Who comes to a drop: accounts of some age, most of them with a saved card that is good, some with one that is declined. */
import { createIdSource } from '../../contracts/ids.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Person } from './crowd/notes.ts';
import type { SaleStage } from './stage.ts';

/** What they pay with: the cards of docs/PAYMENTS.md; nothing, and the hold ends by its time. */
const WAYS = [
  { share: 0.85, token: 'pm_card_visa' },
  { share: 0.09, token: 'pm_card_chargeDeclined' },
  { share: 0.06, token: null },
] as const;

const nextId = createIdSource(systemClock);

const PEOPLE = `
  insert into users (id, email, created_at)
  select id, id || '@shoppers.example', now() - interval '90 days' from unnest($1::uuid[]) as shopper (id)`;

const CARDS = `
  insert into payment_methods (id, user_id, kind, provider_token, is_default)
  select id, user_id, 'card', token, true from unnest($1::uuid[], $2::uuid[], $3::text[]) as m (id, user_id, token)`;

export async function makePeople(
  { database }: Pick<SaleStage, 'database'>,
  count: number,
  random: () => number,
): Promise<Person[]> {
  const people = Array.from({ length: count }, () => ({ id: nextId(), methodId: nextId(), token: wayOf(random()) }));
  await database.query(PEOPLE, [people.map(({ id }) => id)]);
  const cards = people.filter(({ token }) => token !== null);
  await database.query(CARDS, [
    cards.map(({ methodId }) => methodId),
    cards.map(({ id }) => id),
    cards.map(({ token }) => token),
  ]);
  return people.map(({ id, methodId, token }) => ({ id, methodId: token === null ? null : methodId }));
}

function wayOf(roll: number): string | null {
  let below = 0;
  for (const { share, token } of WAYS) {
    below += share;
    if (roll < below) return token;
  }
  return null;
}
