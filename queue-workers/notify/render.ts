/** A notice as the mail that its recipient reads. Whatever values say, in HTML it is only text. */
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { NOTICES, type NoticeTemplate, type NoticeValues } from '../../contracts/notices.ts';
import { languageOf } from './formats.ts';
import { htmlOf } from './html.ts';
import type { Link, Message } from './wording.ts';

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

type Checkers = { readonly [T in NoticeTemplate]: { Check(values: unknown): values is NoticeValues<T> } };

const checkers: Checkers = {
  'order-confirmed': checkerOf(NOTICES['order-confirmed'].values),
  'order-cancelled': checkerOf(NOTICES['order-cancelled'].values),
  'payment-declined': checkerOf(NOTICES['payment-declined'].values),
  'payment-action': checkerOf(NOTICES['payment-action'].values),
  'hold-expired': checkerOf(NOTICES['hold-expired'].values),
  'refund-done': checkerOf(NOTICES['refund-done'].values),
  'parcel-shipped': checkerOf(NOTICES['parcel-shipped'].values),
  'order-delivered': checkerOf(NOTICES['order-delivered'].values),
  'return-decided': checkerOf(NOTICES['return-decided'].values),
  'drop-reminder': checkerOf(NOTICES['drop-reminder'].values),
  'merchant-decision': checkerOf(NOTICES['merchant-decision'].values),
  'stock-alert': checkerOf(NOTICES['stock-alert'].values),
  'review-decided': checkerOf(NOTICES['review-decided'].values),
  'webhook-disabled': checkerOf(NOTICES['webhook-disabled'].values),
  'drop-sold-out': checkerOf(NOTICES['drop-sold-out'].values),
  'drop-ended': checkerOf(NOTICES['drop-ended'].values),
  'cart-abandoned': checkerOf(NOTICES['cart-abandoned'].values),
};

function checkerOf<S extends TSchema>(schema: S): { Check(values: unknown): values is Static<S> } {
  const compiled = Compile(schema);
  return { Check: (values): values is Static<S> => compiled.Check(values) };
}

export function areValuesOf<T extends NoticeTemplate>(template: T, values: unknown): values is NoticeValues<T> {
  return checkers[template].Check(values);
}

/** What a notice says, on one line each, for where there is no layout. */
export function wordNotice<T extends NoticeTemplate>(
  template: T,
  values: NoticeValues<T>,
  language: string,
): Pick<Message, 'subject' | 'paragraphs' | 'action'> {
  const { wording, formats } = languageOf(language);
  const { subject, paragraphs, action } = wording.messages[template](values, formats);
  return {
    subject: oneLine(subject),
    paragraphs: paragraphs.map(oneLine),
    ...(action === undefined ? {} : { action }),
  };
}

export function renderNotice<T extends NoticeTemplate>(
  template: T,
  values: NoticeValues<T>,
  recipient: { readonly name: string; readonly language: string; readonly unsubscribeUrl?: string | undefined },
): RenderedMail {
  const { locale, wording, formats } = languageOf(recipient.language);
  const message = wording.messages[template](values, formats);
  const greeting = wording.greeting(oneLine(recipient.name));
  const { unsubscribeUrl: url } = recipient;
  const leave = url === undefined ? undefined : { label: wording.unsubscribe, url };
  return {
    subject: oneLine(message.subject),
    text: textOf(message, greeting, leave),
    html: htmlOf(message, greeting, locale, leave),
  };
}

function textOf(
  { heading, paragraphs, facts, action, footer }: Message,
  greeting: string,
  leave: Link | undefined,
): string {
  const blocks = [
    oneLine(heading).toUpperCase(),
    greeting,
    ...paragraphs,
    facts.map(([label, value]) => `${label}: ${oneLine(value)}`).join('\n'),
    ...(action === undefined ? [] : [`${action.label}:\n${action.url}`]),
    `-- \n${footer}${leave === undefined ? '' : `\n${leave.label}: ${leave.url}`}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** A title with a line break in it must not look like more than a title, least of all in a header. */
function oneLine(text: string): string {
  return text.replaceAll(/[ \p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
