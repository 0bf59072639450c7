/**
 * Writes queries.json: 100 queries as shoppers type them, and the same 100 mistyped. What is wanted is said by what a
 * product was made of, not by words that a search would match. Run again only when the catalog's words change.
 */
import { writeFile } from 'node:fs/promises';
import { createDice, type Dice } from '../seed/catalog/dice.ts';
import { type MadeProduct, makeProduct, type Trait } from '../seed/catalog/product.ts';
import { CATALOG_SEED, QUERIES_FILE, type Query } from './queries.ts';

/** All queries are about the first products, so that a small catalog has their answers too. */
const AMONG = 20_000;
const KEYBOARD = ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

type Kind = { readonly count: number; ask(of: MadeProduct): { q: string; by: readonly Trait[] } };

const KINDS: readonly Kind[] = [
  {
    count: 25,
    ask: ({ traits: t }) => ({ q: `${t.brand} ${t.collection} ${t.noun}`, by: ['brand', 'collection', 'noun'] }),
  },
  { count: 10, ask: ({ traits: t }) => ({ q: `${t.noun} ${t.model}`, by: ['model'] }) },
  { count: 20, ask: ({ traits: t }) => ({ q: `${t.material} ${t.noun}`, by: ['material', 'noun'] }) },
  { count: 15, ask: ({ traits: t }) => ({ q: `${t.color} ${t.noun}`, by: ['color', 'noun'] }) },
  {
    count: 10,
    ask: ({ traits: t }) => ({ q: `${t.adjective} ${t.noun} for ${t.use}`, by: ['adjective', 'noun', 'use'] }),
  },
  { count: 10, ask: ({ traits: t }) => ({ q: `${t.noun}s by ${t.brand.toUpperCase()}`, by: ['noun', 'brand'] }) },
];

const CALLED_OTHERWISE: readonly (readonly [string, string])[] = [
  ['couch', 'sofa'],
  ['trainers', 'sneakers'],
  ['pram', 'stroller'],
  ['mobile phone', 'smartphone'],
  ['push bike', 'bicycle'],
  ['notebook computer', 'laptop'],
  ['jumper', 'sweater'],
  ['buggy', 'stroller'],
  ['settee', 'sofa'],
  ['head torch', 'headlamp'],
];

const dice = createDice(2_026, 1);
const typed: Query[] = KINDS.flatMap(({ count, ask }) =>
  Array.from({ length: count }, () => {
    const product = makeProduct(CATALOG_SEED, dice.whole(AMONG));
    const { q, by } = ask(product);
    return { q, typo: false, want: Object.fromEntries(by.map((trait) => [trait, product.traits[trait]])) };
  }),
);
const renamed = CALLED_OTHERWISE.map(([q, noun]) => ({ q, typo: false, want: { noun } }));
const clean = [...typed, ...renamed];
const mistyped = clean.map(({ q, want }) => ({ q: mistype(q, dice), typo: true, want }));
await writeFile(
  QUERIES_FILE,
  `[\n${[...clean, ...mistyped].map((query) => `  ${JSON.stringify(query)}`).join(',\n')}\n]\n`,
);

/** One slip in the longest word without digits; in a long query another one. */
function mistype(q: string, chance: Dice): string {
  const words = q.toLowerCase().split(' ');
  const byLength = words
    .map((word, index) => ({ word, index }))
    .filter(({ word }) => word.length > 3 && !/\d/.test(word))
    .sort((a, b) => b.word.length - a.word.length);
  for (const { word, index } of byLength.slice(0, q.length > 22 ? 2 : 1)) words[index] = slip(word, chance);
  return words.join(' ');
}

function slip(word: string, chance: Dice): string {
  // The first letter is seldom wrong, but it is.
  const at = chance.roll() < 0.1 ? 0 : 1 + chance.whole(word.length - 2);
  const letter = word[at] ?? '';
  const rest = word.slice(at + 1);
  const kinds = [
    () => word.slice(0, at) + rest,
    () => word.slice(0, at) + letter + letter + rest,
    () => word.slice(0, at) + (rest[0] ?? '') + letter + rest.slice(1),
    () => word.slice(0, at) + beside(letter, chance) + rest,
  ];
  const slipped = chance.pick(kinds)();
  return slipped === word ? slip(word, chance) : slipped;
}

function beside(letter: string, chance: Dice): string {
  const row = KEYBOARD.find((keys) => keys.includes(letter)) ?? 'aeiou';
  const at = row.indexOf(letter);
  return row[chance.roll() < 0.5 ? at - 1 : at + 1] ?? row[1] ?? letter;
}
