import { describe, expect, it } from 'vitest';
import { createMailer, failureOf } from './mailer.ts';

const answer = (code: string, responseCode: number, command: string, response = '') =>
  failureOf(Object.assign(new Error(response), { code, responseCode, command, response }));

describe('what a failure of the mail server means', () => {
  it.each([
    ['EENVELOPE', 550, 'RCPT TO', 'refused'],
    ['EMESSAGE', 554, 'DATA', 'refused'],
    ['EENVELOPE', 451, 'RCPT TO', 'later'],
    ['EMESSAGE', 452, 'DATA', 'later'],
    ['EENVELOPE', 421, 'RCPT TO', 'down'],
    ['EENVELOPE', 553, 'MAIL FROM', 'down'],
    ['EMESSAGE', 552, 'MAIL FROM', 'refused'],
    ['EAUTH', 535, 'AUTH PLAIN', 'down'],
  ])('%s %i at %s: %s', (code, status, command, failure) => {
    expect(answer(code, status, command)).toMatchObject({ ok: false, failure });
  });

  it('is told without the words of the server, which may name the recipient', () => {
    const sent = answer('EENVELOPE', 550, 'RCPT TO', '550 5.1.1 <ada@example.test>: no such user');
    expect(sent).toEqual({ ok: false, failure: 'refused', reason: '550 5.1.1 at RCPT TO' });
    expect(failureOf('nonsense')).toEqual({ ok: false, failure: 'later', reason: 'failed without a code' });
  });

  it('is that of the server when nobody listens', async () => {
    const mailer = createMailer({ url: 'smtp://127.0.0.1:1', from: 'a@example.test', connections: 1 });
    const mail = { messageId: '<1@example.test>', subject: 'x', text: 'x', html: 'x' };
    expect(await mailer.send({ ...mail, to: 'ada@example.test' })).toMatchObject({ failure: 'down' });
    mailer.close();
  });
});
