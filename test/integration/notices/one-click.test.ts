import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodeEvent } from '../../../contracts/events/codec.ts';
import { type NoticeTemplate, type NoticeValues, noticeEvent } from '../../../contracts/notices.ts';
import { createOutgoingKeys } from '../../../platform/outgoing/outgoing.ts';
import { composeMail } from '../../../queue-workers/notify/compose.ts';
import { createMailer, type Mailer } from '../../../queue-workers/notify/mailer.ts';
import { unsubscribeLinks } from '../../../queue-workers/notify/unsubscribe-links.ts';
import { newId } from '../../fixtures/drop.ts';
import { createMailbox } from './mail-setup.ts';

const SECRET = 'a secret of at least 32 characters';
const { box, start } = createMailbox();
let catcher: Awaited<ReturnType<typeof start>>;
let mailer: Mailer;
beforeAll(async () => {
  catcher = await start(0);
  mailer = createMailer({ url: `smtp://127.0.0.1:${catcher.port}`, from: 'notices@shop.test', connections: 1 });
});
afterAll(async () => {
  mailer?.close();
  await catcher?.close();
});

async function send<T extends NoticeTemplate>(userId: string, template: T, values: NoticeValues<T>, secret = SECRET) {
  const mailAddress = `${newId()}@people.example`;
  const text = noticeEvent({ template, userId, eventId: newId(), at: Date.now(), values });
  const decoded = decodeEvent('notification.email', text);
  if (!decoded.ok) throw new Error(decoded.reason);
  const recipient = { userId, mailAddress, name: 'Ada', language: 'en', orderMails: true, reminderMails: true };
  const unsubscribeUrl = unsubscribeLinks({ OUTGOING_SECRET: secret, STORE_PUBLIC_URL: 'https://shop.test/' });
  const composed = composeMail(decoded.event, recipient, { mailDomain: 'shop.test', unsubscribeUrl });
  if (composed.kind !== 'mail') throw new Error(composed.kind);
  expect(await mailer.send(composed.mail)).toEqual({ ok: true });
  const [mail] = box.list(mailAddress);
  if (mail === undefined) throw new Error('nothing came');
  const about = mail.headers
    .filter(({ key }) => key.startsWith('list-'))
    .map(({ key, value }) => [key, value] as const);
  return { mail, headers: Object.fromEntries(about) };
}
const reminder = () => ({ dropId: newId(), title: 'Night drop', startsAt: Date.now() });
const order = () => ({ orderId: newId(), title: 'Mug', quantity: 1, total: 1_450, currency: 'EUR' });

it('a reminder can be ended with one click, of a mail program or of its reader', async () => {
  const userId = newId();
  const { mail, headers } = await send(userId, 'drop-reminder', reminder());
  expect(headers).toEqual({
    'list-unsubscribe': expect.stringMatching(/^<https:\/\/shop\.test\/api\/v1\/unsubscribe\?token=[\w.-]+>$/),
    'list-unsubscribe-post': 'List-Unsubscribe=One-Click',
  });
  const url = headers['list-unsubscribe']?.slice(1, -1) ?? '';
  for (const said of [mail.text, mail.html]) expect(said).toContain(url);
  const token = url.split('=')[1] ?? '';
  expect(createOutgoingKeys(SECRET)?.readUnsubscribeToken(token)).toEqual({ userId, kind: 'reminder' });
});

it('a mail about an order cannot, nor one of a shop without a secret', async () => {
  expect((await send(newId(), 'order-confirmed', order())).headers).toEqual({});
  const { mail, headers } = await send(newId(), 'drop-reminder', reminder(), '');
  expect(headers).toEqual({});
  expect(mail.text).not.toContain('unsubscribe');
});
