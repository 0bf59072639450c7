/** What a model may learn from, and what shoppers did after it: nothing of the one is in the other. */
import { type Columns, createInteractions } from '../../commerce/recommendations/interactions.ts';
import type { Population } from './population.ts';

export interface HeldOut {
  readonly user: number;
  /** What they met before, the latest first. */
  readonly before: readonly number[];
  /** What they look at as the list is asked for. */
  readonly session: readonly number[];
  /** What they met afterwards and never before. */
  readonly wanted: ReadonlySet<number>;
}

export interface Split {
  readonly columns: Columns;
  /** The day of the question. */
  readonly today: number;
  readonly heldOut: readonly HeldOut[];
}

/** By a day, for all: a model knows nothing of any later day, as in a shop. */
export function splitByDay(population: Population, share: number): Split {
  const day = Math.floor(population.shape.days * share);
  const { days } = population.interactions.columns();
  return split(population, day, (at) => (days[at] ?? 0) < day);
}

/** By shopper, the last of each: for populations of which most have one long visit. */
export function splitLast(population: Population, share: number): Split {
  const { users, count } = population.interactions.columns();
  const ends = new Uint32Array(population.shape.users);
  const counts = new Uint32Array(population.shape.users);
  for (let at = 0; at < count; at += 1) {
    const user = users[at] ?? 0;
    ends[user] = at;
    counts[user] = (counts[user] ?? 0) + 1;
  }
  return split(population, population.shape.days, (at) => {
    const user = users[at] ?? 0;
    return (ends[user] ?? 0) - at >= Math.ceil((counts[user] ?? 0) * (1 - share));
  });
}

function split({ interactions, sessions, shape }: Population, today: number, isKnown: (at: number) => boolean): Split {
  const all = interactions.columns();
  const known = createInteractions(all.count + 1);
  const heldOut: HeldOut[] = [];
  let begin = 0;
  for (let user = 0; user < shape.users; user += 1) {
    let end = begin;
    while (end < all.count && all.users[end] === user) end += 1;
    const places = Array.from({ length: end - begin }, (_, at) => begin + at);
    begin = end;
    const before = places.filter(isKnown);
    for (const at of before) known.add(user, all.products[at] ?? 0, all.kinds[at] ?? 0, all.days[at] ?? 0, 1);
    const held = heldOutOf(places.slice(before.length), all.products, sessions);
    const met = new Set(before.map((at) => all.products[at] ?? 0));
    for (const product of [...met, ...held.session]) held.wanted.delete(product);
    if (held.wanted.size > 0) heldOut.push({ user, before: [...met].reverse(), ...held });
  }
  return { columns: known.columns(), today, heldOut };
}

/** The first product of their next visit is what they look at as they are asked, where the visit has more than that. */
function heldOutOf(places: readonly number[], products: Uint32Array, sessions: Uint32Array) {
  const [first, second] = places;
  const isVisit = first !== undefined && second !== undefined && sessions[first] === sessions[second];
  const session = isVisit ? [products[first] ?? 0] : [];
  const wanted = new Set(places.slice(session.length).map((at) => products[at] ?? 0));
  return { session, wanted };
}
