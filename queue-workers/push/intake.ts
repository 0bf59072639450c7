/** From the events that ask for notices to what is pushed: to each browser of a recipient who wants to hear of that kind. */
import { decodeEvent } from '../../contracts/events/codec.ts';
import { LIFETIMES, LIMITS } from '../../contracts/limits.ts';
import { isNoticeTemplate, NOTICES, type NoticeKind } from '../../contracts/notices.ts';
import { findPushTargets, insertPushes, type NewPush, type PushTarget } from '../../db/queries/push/deliveries.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ReceivedMessage } from '../../platform/connections/kafka.ts';
import type { Database } from '../../platform/connections/postgres.ts';
import type { Logger } from '../../platform/logging/logger.ts';
import type { EmailEvent } from '../notify/compose.ts';
import { areValuesOf, wordNotice } from '../notify/render.ts';

export interface IntakeOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What cannot be read or worded is set aside by the notify worker, which gets the same events. */
export async function takeNotices(
  { database, clock, log }: IntakeOptions,
  messages: readonly ReceivedMessage[],
): Promise<number> {
  const oldestMs = clock.now() - LIFETIMES.pushMs;
  const events = messages.flatMap(({ value }) => {
    const decoded = decodeEvent('notification.email', value);
    return decoded.ok && decoded.event.at >= oldestMs ? [decoded.event] : [];
  });
  if (events.length === 0) return 0;
  const targets = await findPushTargets(database, [...new Set(events.map(({ data }) => data.userId))]);
  const pushes = events.flatMap((event) =>
    targets.flatMap((target) => {
      if (target.userId !== event.data.userId) return [];
      try {
        return pushOf(event, target) ?? [];
      } catch (error) {
        log.warn({ err: error, eventId: event.id }, 'a push could not be worded');
        return [];
      }
    }),
  );
  await insertPushes(database, pushes);
  return pushes.length;
}

function pushOf(event: EmailEvent, target: PushTarget): NewPush | undefined {
  const { template, values } = event.data;
  if (!isNoticeTemplate(template) || !isWanted(NOTICES[template].kind, target)) return undefined;
  if (!areValuesOf(template, values)) return undefined;
  const { subject, paragraphs, action } = wordNotice(template, values, target.language ?? 'en');
  const text = [...paragraphs.join(' ')];
  const body = JSON.stringify({
    title: shortened([...subject]),
    body: shortened(text),
    // The same notice shown again takes the place of the one before.
    tag: event.id,
    ...(action === undefined || action.url.length > LIMITS.pushBodyChars ? {} : { url: action.url }),
    data: { template, ...idsOf(values) },
  });
  const { id: eventId, at } = event;
  return { eventId, subscriptionId: target.subscriptionId, template, body, untilMs: untilOf(at, values) };
}

function isWanted(kind: NoticeKind, { orderPush, reminderPush }: PushTarget): boolean {
  if (kind === 'business') return true;
  return kind === 'order' ? orderPush : reminderPush;
}

/** By which the page that shows it can lead on. */
const IDS = ['orderId', 'dropId', 'sku'] as const;

function idsOf(values: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    IDS.flatMap((name) => (name in values ? [[name, Reflect.get(values, name)] as const] : [])),
  );
}

/** A reminder is of no use once what it reminds of has begun. */
function untilOf(at: number, values: object): number {
  const startsAt: unknown = Reflect.get(values, 'startsAt');
  const latest = at + LIFETIMES.pushMs;
  return typeof startsAt === 'number' ? Math.min(latest, startsAt) : latest;
}

function shortened(characters: readonly string[]): string {
  const { pushBodyChars: most } = LIMITS;
  return characters.length <= most ? characters.join('') : `${characters.slice(0, most - 1).join('')}…`;
}
