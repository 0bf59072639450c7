/** Dead letters: messages that a worker could not handle, with the reason in their headers. */
import { LIMITS } from '../../contracts/limits.ts';
import { deadLetterTopic, TOPICS, type Topic, topicName } from '../../contracts/topics.ts';
import { findReplayed, type LetterPlace } from '../../db/queries/replayed-letters.ts';
import type { Kafka, ReceivedMessage } from '../../platform/connections/kafka.ts';
import type { Database } from '../../platform/connections/postgres.ts';

export interface DeadLetters {
  readonly kafka: Kafka;
  readonly database: Database;
  readonly topicPrefix: string;
}

/** What a list says of a letter: without its content, of which there may be a lot. */
export interface LetterHead {
  /** Where it was to be handled. */
  readonly topic: Topic;
  /** Where it is. */
  readonly place: LetterPlace;
  readonly at: number;
  readonly problem: string;
  readonly reason: string;
  readonly source: string;
  readonly replayedAt: number | null;
}

export interface Letter extends LetterHead {
  readonly message: ReceivedMessage;
}

export function isTopic(text: string): text is Topic {
  return TOPICS.some((topic) => topic === text);
}

/** `claims.won/0@12`, as `dlq list` prints it; with the prefix or `.dlq` as well. */
export function readPlace(text: string, topicPrefix: string): (LetterPlace & { readonly of: Topic }) | undefined {
  const found = /^(?<topic>[^/]+)\/(?<partition>\d{1,6})@(?<offset>\d{1,18})$/.exec(text)?.groups;
  const plain = found?.['topic']?.replace(/\.dlq$/, '') ?? '';
  const of = isTopic(plain) ? plain : plain.startsWith(topicPrefix) ? plain.slice(topicPrefix.length) : '';
  if (found === undefined || !isTopic(of)) return undefined;
  const topic = topicName(topicPrefix, deadLetterTopic(of));
  return { of, topic, partition: Number(found['partition']), offset: found['offset'] ?? '' };
}

export function shownPlace({ topic, place }: Pick<LetterHead, 'topic' | 'place'>): string {
  return `${topic}/${place.partition}@${place.offset}`;
}

/** The letters of these topics, oldest first; only as many as fit, and `more` says how many do not. */
export async function readHeads(
  parts: DeadLetters,
  topics: readonly Topic[],
  visit: (letter: Letter) => void = () => undefined,
): Promise<{ heads: LetterHead[]; more: number }> {
  const byName = namesOf(topics, parts.topicPrefix);
  const replayed = await replayTimes(parts, [...byName.keys()]);
  const heads: LetterHead[] = [];
  const { there, read } = await parts.kafka.browse({
    topics: [...byName.keys()],
    most: LIMITS.lettersRead,
    visit(message) {
      const topic = byName.get(message.topic);
      if (topic === undefined) return;
      const head = headOf(message, topic, replayed);
      heads.push(head);
      visit({ ...head, message });
    },
  });
  heads.sort((a, b) => a.at - b.at);
  return { heads, more: there - read };
}

export async function readLetter(parts: DeadLetters, place: LetterPlace & { of: Topic }): Promise<Letter | undefined> {
  const replayed = await replayTimes(parts, [place.topic]);
  let letter: Letter | undefined;
  await parts.kafka.browse({
    topics: [place.topic],
    at: place,
    most: 1,
    visit(message) {
      letter = { ...headOf(message, place.of, replayed), message };
    },
  });
  return letter;
}

function namesOf(topics: readonly Topic[], prefix: string): ReadonlyMap<string, Topic> {
  return new Map(topics.map((topic) => [topicName(prefix, deadLetterTopic(topic)), topic]));
}

async function replayTimes({ database }: DeadLetters, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await findReplayed(database, names);
  return new Map(rows.map((row) => [keyOf(row), row.replayedAt.getTime()]));
}

function headOf(message: ReceivedMessage, topic: Topic, replayed: ReadonlyMap<string, number>): LetterHead {
  const { partition, offset, headers, timestampMs: at } = message;
  const place = { topic: message.topic, partition, offset };
  const { problem = '', reason = '', source = '' } = headers;
  const replayedAt = replayed.get(keyOf(place)) ?? null;
  // A topic that was made anew counts from 0 again: this letter is another one than that which was sent back.
  const isThisOne = replayedAt !== null && replayedAt >= at;
  return { topic, place, at, problem, reason, source, replayedAt: isThisOne ? replayedAt : null };
}

function keyOf({ topic, partition, offset }: LetterPlace): string {
  return `${topic}/${partition}@${offset}`;
}
