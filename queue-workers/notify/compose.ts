/** What an event and its recipient come to: a mail, or the reason why there is none. */
import type { EventOf } from '../../contracts/events/registry.ts';
import { isNoticeTemplate, NOTICES, type NoticeKind } from '../../contracts/notices.ts';
import type { Recipient } from '../../db/queries/find-recipients.ts';
import type { OutgoingMail } from './mailer.ts';
import { areValuesOf, renderNotice } from './render.ts';

export type EmailEvent = EventOf<'notification.email'>;

export type Composed =
  | { readonly kind: 'mail'; readonly mail: OutgoingMail }
  | { readonly kind: 'skip'; readonly why: 'no-recipient' | 'no-address' | 'unsubscribed' }
  | { readonly kind: 'dead'; readonly problem: string; readonly reason: string };

/** What a mail says about who sends it. */
export interface Sender {
  /** The host part of every Message-ID. */
  readonly mailDomain: string;
  /** Where a recipient gets no more reminders; undefined where there are no such links. */
  unsubscribeUrl(userId: string): string | undefined;
}

/** Nothing here waits or asks: what fails once fails always, and must not hold up the mails behind it. */
export function composeMail(event: EmailEvent, recipient: Recipient | undefined, sender: Sender): Composed {
  try {
    return compose(event, recipient, sender);
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'an unknown error';
    return { kind: 'dead', problem: 'CANNOT_BE_COMPOSED', reason };
  }
}

function compose(event: EmailEvent, recipient: Recipient | undefined, sender: Sender): Composed {
  const { template, values } = event.data;
  if (!isNoticeTemplate(template)) {
    return { kind: 'dead', problem: 'UNKNOWN_TEMPLATE', reason: `there is no notice ${template}` };
  }
  if (!areValuesOf(template, values)) {
    return { kind: 'dead', problem: 'WRONG_SHAPE', reason: `not the values of ${template}` };
  }
  if (recipient === undefined) return { kind: 'skip', why: 'no-recipient' };
  const { mailAddress, name } = recipient;
  if (mailAddress === null) return { kind: 'skip', why: 'no-address' };
  if (!isWanted(NOTICES[template].kind, recipient)) return { kind: 'skip', why: 'unsubscribed' };
  const language = recipient.language ?? languageIn(event);
  const isReminder = NOTICES[template].kind === 'reminder';
  const unsubscribeUrl = isReminder ? sender.unsubscribeUrl(recipient.userId) : undefined;
  const rendered = renderNotice(template, values, { name, language, unsubscribeUrl });
  const messageId = `<${event.id}@${sender.mailDomain}>`;
  return { kind: 'mail', mail: { to: mailAddress, messageId, unsubscribeUrl, ...rendered } };
}

function languageIn({ data }: EmailEvent): string {
  return 'language' in data ? data.language : 'en';
}

/** What concerns somebody's business here cannot be turned off. */
function isWanted(kind: NoticeKind, { orderMails, reminderMails }: Recipient): boolean {
  if (kind === 'business') return true;
  return kind === 'order' ? orderMails : reminderMails;
}
