/**
 * Sends dead letters back to where they came from. First published, then recorded: who is interrupted in between publishes
 * it once more, and every consumer knows what it has handled.
 */
import { decodeEvent } from '../../contracts/events/codec.ts';
import { topicName } from '../../contracts/topics.ts';
import { recordReplayed } from '../../db/queries/replayed-letters.ts';
import type { OutgoingMessage, Publisher } from '../../platform/connections/kafka.ts';
import type { DeadLetters, Letter } from './letters.ts';

export type Replayed =
  | { readonly letter: Letter; readonly result: 'replayed' | 'would-replay' | 'skipped' }
  | { readonly letter: Letter; readonly result: 'refused'; readonly reason: string };

export interface ReplayOptions {
  readonly again: boolean;
  readonly dryRun: boolean;
}

export async function replayLetters(
  letters: readonly Letter[],
  parts: DeadLetters & { readonly publisher: Publisher },
  { again, dryRun }: ReplayOptions,
): Promise<Replayed[]> {
  const outcomes = letters.map((letter): Replayed => {
    if (letter.replayedAt !== null && !again) return { letter, result: 'skipped' };
    const reason = obstacleOf(letter, parts.topicPrefix);
    if (reason !== undefined) return { letter, result: 'refused', reason };
    return { letter, result: dryRun ? 'would-replay' : 'replayed' };
  });
  const going = outcomes.filter(({ result }) => result === 'replayed').map(({ letter }) => letter);
  if (going.length > 0) {
    await parts.publisher.publish(going.map((letter) => messageOf(letter, parts.topicPrefix)));
    const places = going.map(({ place }) => place);
    await recordReplayed(parts.database, places);
  }
  return outcomes;
}

/** Why a letter cannot go back, and what to do instead. */
function obstacleOf({ topic, source, message }: Letter, topicPrefix: string): string | undefined {
  const from = topicName(topicPrefix, topic);
  if (!source.startsWith(`${from}/`)) {
    return (
      `it holds the raw words of an entry of an outbox in Redis (${source || 'no source'}), which no topic takes. ` +
      'There is no order of it: its hold ends by itself, and the units come back. See "Dead letters" in docs/RUNBOOK.md'
    );
  }
  const decoded = decodeEvent(topic, message.value);
  if (decoded.ok) return undefined;
  return `it still cannot be read (${decoded.reason}) and would come straight back. Replay it with a version that can read it`;
}

function messageOf(letter: Letter, topicPrefix: string): OutgoingMessage {
  const { key, value, headers } = letter.message;
  const { source = '' } = headers;
  const topic = topicName(topicPrefix, letter.topic);
  const { place } = letter;
  return {
    topic,
    key,
    value,
    headers: { source, 'replayed-from': `${place.topic}/${place.partition}@${place.offset}` },
  };
}
