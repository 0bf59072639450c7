/** The three commands. Each says its exit code; what is printed goes through `tell`. */
import { LIMITS } from '../../contracts/limits.ts';
import { TOPICS, type Topic } from '../../contracts/topics.ts';
import type { Publisher } from '../../platform/connections/kafka.ts';
import { type DeadLetters, type Letter, readHeads, readLetter, readPlace, shownPlace } from './letters.ts';
import { letterText, listText } from './print.ts';
import { type ReplayOptions, replayLetters } from './replay.ts';

export type Tell = (line: string) => void;

export async function list(
  parts: DeadLetters,
  { topic, rows, json, nowMs }: { topic: Topic | undefined; rows: number; json: boolean; nowMs: number },
  tell: Tell,
): Promise<number> {
  const { heads, more } = await readHeads(parts, topic === undefined ? TOPICS : [topic]);
  if (json) tell(JSON.stringify({ items: heads.map((head) => ({ letter: shownPlace(head), ...head })), more }));
  else tell(listText(heads, { nowMs, more, rows }));
  return 0;
}

export async function show(
  parts: DeadLetters,
  { letter: name, json }: { letter: string; json: boolean },
  tell: Tell,
): Promise<number> {
  const letter = await find(parts, name);
  if (typeof letter === 'string') {
    tell(letter);
    return 1;
  }
  if (json) tell(JSON.stringify({ letter: shownPlace(letter), ...letter }));
  else tell(letterText(letter));
  return 0;
}

export async function replay(
  parts: DeadLetters & { readonly publisher: () => Promise<Publisher> },
  { letters: names, topic, ...how }: ReplayOptions & { letters: readonly string[]; topic: Topic | undefined },
  tell: Tell,
): Promise<number> {
  const { letters, missing, more } =
    topic === undefined ? await findAll(parts, names) : await all(parts, topic, how.again);
  for (const line of missing) tell(line);
  if (topic !== undefined && letters.length === 0) tell('Nothing to replay.');
  const publisher = await parts.publisher();
  let refused = missing.length;
  try {
    for (const outcome of await replayLetters(letters, { ...parts, publisher }, how)) {
      const name = shownPlace(outcome.letter);
      if (outcome.result === 'refused') refused += 1;
      tell(outcome.result === 'refused' ? `${name}  refused: ${outcome.reason}.` : `${name}  ${SAID[outcome.result]}`);
    }
  } finally {
    await publisher.close();
  }
  if (more > 0) tell(`There are ${more} more than are replayed at once: run it again.`);
  return refused > 0 ? 1 : 0;
}

const SAID = {
  replayed: 'replayed',
  'would-replay': 'would be replayed',
  skipped: 'passed over: it was replayed before (--again replays it once more)',
} as const;

interface Found {
  readonly letters: readonly Letter[];
  readonly missing: readonly string[];
  readonly more: number;
}

async function findAll(parts: DeadLetters, names: readonly string[]): Promise<Found> {
  const letters: Letter[] = [];
  const missing: string[] = [];
  for (const name of new Set(names)) {
    const letter = await find(parts, name);
    if (typeof letter === 'string') missing.push(letter);
    else letters.push(letter);
  }
  return { letters, missing, more: 0 };
}

/** Those that were replayed before are left out here already, so that a second run goes on where the first one ended. */
async function all(parts: DeadLetters, topic: Topic, again: boolean): Promise<Found> {
  const letters: Letter[] = [];
  let more = 0;
  const { more: unread } = await readHeads(parts, [topic], (letter) => {
    if (letter.replayedAt !== null && !again) return;
    if (letters.length < LIMITS.lettersReplayed) letters.push(letter);
    else more += 1;
  });
  return { letters, missing: [], more: more + unread };
}

async function find(parts: DeadLetters, name: string): Promise<Letter | string> {
  const place = readPlace(name, parts.topicPrefix);
  if (place === undefined) return `${name} is not the name of a letter, such as claims.won/0@12.`;
  return (await readLetter(parts, place)) ?? `There is no letter ${name} (any more).`;
}
