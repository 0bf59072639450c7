/**
 * From `notification.email` to the mail server, each event once.
 *
 * Its row in `notices` is written first and committed last: the mail is sent inside the transaction. So two workers that
 * have the same event (Kafka has just given the partition to another) take turns by the row, and the second finds it sent.
 * What is left: who dies after the server's answer and before the commit, a few milliseconds, or sends so slowly that the
 * deadline ends the wait, has sent a mail that is sent once more. Its Message-ID is the same then.
 */
import { decodeEvent } from '../../contracts/events/codec.ts';
import { isNoticeTemplate, type NoticeTemplate } from '../../contracts/notices.ts';
import { deadLetterTopic, topicName } from '../../contracts/topics.ts';
import { findRecipients, type Recipient } from '../../db/queries/find-recipients.ts';
import { findMailed, recordNotice } from '../../db/queries/record-notice.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Publisher, ReceivedMessage } from '../../platform/connections/kafka.ts';
import { type Database, withTransaction } from '../../platform/connections/postgres.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import { composeMail, type EmailEvent, type Sender } from './compose.ts';
import type { Mailer, OutgoingMail, Sent } from './mailer.ts';
import type { Patience } from './patience.ts';

export type NoticeResult = 'sent' | 'repeated' | 'no-recipient' | 'no-address' | 'unsubscribed' | 'dead' | 'later';

export interface NoticesOptions {
  readonly database: Database;
  readonly mailer: Mailer;
  /** For dead letters. */
  readonly publisher: Publisher;
  readonly topicPrefix: string;
  readonly sender: Sender;
  readonly patience: Patience;
  readonly stopping: AbortSignal;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: { counted(template: NoticeTemplate | 'unknown', result: NoticeResult): void };
}

type Outcome =
  | { readonly result: Exclude<NoticeResult, 'dead' | 'later'> }
  | { readonly result: 'dead'; readonly problem: string; readonly reason: string }
  | { readonly result: 'later'; readonly reason: string; readonly serverIsDown: boolean };

/**
 * Rejects when a mail could not be sent yet, or a server cannot be reached: the same messages come again, and those of
 * them that were mailed meanwhile are known by their rows. Kafka's other partitions go on.
 */
export function createNoticeSender(options: NoticesOptions): (messages: readonly ReceivedMessage[]) => Promise<void> {
  const { database, patience, stopping, metrics } = options;

  async function sendAll(messages: readonly ReceivedMessage[]): Promise<void> {
    const read = messages
      .filter((message) => !patience.isSettled(placeOf(message)))
      .map((message) => ({ message, decoded: decodeEvent('notification.email', message.value) }));
    const known = await lookUp(read.flatMap(({ decoded }) => (decoded.ok ? [decoded.event] : [])));
    let waiting: string | undefined;
    for (const { message, decoded } of read) {
      if (stopping.aborted) throw notYet('the worker stops');
      if (!decoded.ok) {
        await setAside(message, 'unknown', decoded);
        continue;
      }
      waiting = (await handle(decoded.event, message, known)) ?? waiting;
    }
    if (waiting !== undefined) throw notYet(`a mail was refused for now: ${waiting}`);
  }

  async function lookUp(events: readonly EmailEvent[]): Promise<Known> {
    const [recipients, mailed] = await Promise.all([
      findRecipients(database, [...new Set(events.map(({ data }) => data.userId))]),
      findMailed(database, [...new Set(events.map(({ id }) => id))]),
    ]);
    return { recipients, mailed };
  }

  /** Says why a mail has to wait. When all would have to, it rejects: the next ones would meet the same. */
  async function handle(event: EmailEvent, message: ReceivedMessage, known: Known): Promise<string | undefined> {
    const template = isNoticeTemplate(event.data.template) ? event.data.template : 'unknown';
    const outcome = await outcomeOf(event, message, known);
    if (outcome.result === 'dead') {
      await setAside(message, template, outcome);
      return undefined;
    }
    metrics.counted(template, outcome.result);
    if (outcome.result !== 'later') return undefined;
    if (outcome.serverIsDown) throw notYet(`the mail server takes no mails: ${outcome.reason}`);
    return outcome.reason;
  }

  async function outcomeOf(event: EmailEvent, message: ReceivedMessage, known: Known): Promise<Outcome> {
    if (known.mailed.has(event.id)) return { result: 'repeated' };
    const composed = composeMail(event, known.recipients.get(event.data.userId), options.sender);
    if (composed.kind === 'skip') return { result: composed.why };
    if (composed.kind === 'dead') return { result: 'dead', problem: composed.problem, reason: composed.reason };
    const sent = await sendOnce(event, composed.mail);
    return sent === 'repeated' ? { result: 'repeated' } : judge(sent, placeOf(message));
  }

  async function sendOnce(event: EmailEvent, mail: OutgoingMail): Promise<Sent | 'repeated'> {
    const row = { eventId: event.id, userId: event.data.userId, template: event.data.template };
    let sent: Sent | undefined;
    try {
      return await withTransaction(database, async (client) => {
        if (!(await recordNotice(client, row))) return 'repeated';
        sent = await options.mailer.send(mail);
        // Undone by an exception, as there is no other way to take the row back.
        if (!sent.ok) throw new NotSent();
        return sent;
      });
    } catch (error) {
      if (error instanceof NotSent && sent !== undefined) return sent;
      throw error;
    }
  }

  function judge(sent: Sent, place: string): Outcome {
    if (sent.ok) {
      patience.forget(place);
      return { result: 'sent' };
    }
    const { failure, reason } = sent;
    if (failure === 'refused') return { result: 'dead', problem: 'REFUSED_BY_MAIL_SERVER', reason };
    if (failure === 'later' && patience.isOver(place, options.clock.now())) {
      return { result: 'dead', problem: 'REFUSED_TOO_LONG', reason };
    }
    return { result: 'later', reason, serverIsDown: failure === 'down' };
  }

  async function setAside(
    message: ReceivedMessage,
    template: NoticeTemplate | 'unknown',
    { problem, reason }: { readonly problem: string; readonly reason: string },
  ): Promise<void> {
    const { topic, partition, offset, key, value } = message;
    const headers = { problem, reason, source: `${topic}/${partition}@${offset}` };
    const deadLetters = topicName(options.topicPrefix, deadLetterTopic('notification.email'));
    await options.publisher.publish([{ topic: deadLetters, key, value, headers }]);
    // When others of its batch have to come again, it comes with them.
    patience.settle(placeOf(message));
    metrics.counted(template, 'dead');
    options.log.error({ topic, partition, offset, problem, reason }, 'a notice was set aside');
  }

  return sendAll;
}

interface Known {
  readonly recipients: ReadonlyMap<string, Recipient>;
  readonly mailed: ReadonlySet<string>;
}

class NotSent extends Error {}

function placeOf({ partition, offset }: ReceivedMessage): string {
  return `${partition}@${offset}`;
}

function notYet(reason: string): PlatformError {
  return new PlatformError('MAIL_NOT_SENT', `${reason}; trying again`, { retryable: true });
}
