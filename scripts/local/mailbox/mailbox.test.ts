import { request } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../platform/clock.ts';
import { createMailer, type Mailer } from '../../../queue-workers/notify/mailer.ts';
import { silentLog } from '../../../test/fixtures/shards.ts';
import { BOUNDS } from './bounds.ts';
import { createBox } from './box.ts';
import { type Catcher, startCatcher } from './catcher.ts';
import { startMailboxPage } from './http.ts';
import { createRefusals } from './refusals.ts';

const box = createBox();
const refusals = createRefusals();
let catcher: Catcher;
let page: Awaited<ReturnType<typeof startMailboxPage>>;
let mailer: Mailer;

beforeAll(async () => {
  catcher = await startCatcher({ port: 0, box, refusals, clock: systemClock, log: silentLog });
  page = await startMailboxPage({ port: 0, box, refusals, log: silentLog });
  mailer = createMailer({ url: `smtp://127.0.0.1:${catcher.port}`, from: 'shop@example.test', connections: 2 });
});
beforeEach(() => {
  box.clear();
  refusals.set([]);
});
afterAll(async () => {
  mailer.close();
  await Promise.all([catcher.close(), page.close()]);
});

const send = (to: string, more: { subject?: string; html?: string; text?: string } = {}) =>
  mailer.send({ to, messageId: '<1@example.test>', subject: 'Hello', text: 'Grüße', html: '<p>Grüße</p>', ...more });
const get = (path: string, init?: RequestInit) => fetch(`${page.url}${path}`, init);

/** fetch does not let a caller choose the Host header. */
function statusWithHost(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`${page.url}/`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once('error', reject);
    asked.end();
  });
}

describe('the mailbox', () => {
  it('shows what it caught, newest first, to whom is asked for', async () => {
    expect(await (await get('/')).text()).toContain('No mail yet.');
    await send('ada@example.test', { subject: 'First' });
    await send('bob@example.test', { subject: 'Second' });
    const all: unknown = await (await get('/api/mails')).json();
    expect(all).toMatchObject({ items: [{ subject: 'Second' }, { subject: 'First', from: 'shop@example.test' }] });
    const [mail] = box.list('ADA@example.test');
    expect(await (await get('/api/mails?to=ada@example.test')).json()).toMatchObject({ items: [{ id: mail?.id }] });
    const whole: unknown = await (await get(`/api/mails/${mail?.id}`)).json();
    expect(whole).toMatchObject({ text: 'Grüße\n', messageId: '<1@example.test>', to: ['ada@example.test'] });
    expect((await get('/api/mails', { method: 'DELETE' })).status).toBe(204);
    expect([box.list().length, (await get(`/mails/${mail?.id}`)).status]).toEqual([0, 404]);
  });

  it('shows the HTML of a mail without letting it do anything', async () => {
    const html = '<script>alert(1)</script><p>Hi</p>';
    await send('ada@example.test', { subject: '<script>alert(2)</script>', html });
    const id = box.list()[0]?.id;
    for (const path of ['/', `/mails/${id}`]) expect(await (await get(path)).text()).not.toContain('<script>alert');
    const framed = await get(`/mails/${id}/html`);
    expect(framed.headers.get('content-security-policy')).toMatch(/^sandbox (?!.*allow-scripts).*default-src 'none'/);
    expect(await (await get(`/mails/${id}`)).text()).toMatch(/<iframe [^>]*sandbox="(?!.*allow-scripts)/);
  });

  it('refuses what it is asked to refuse, as often as it is asked to', async () => {
    const rules = [
      { to: 'ada@example.test', code: 451, times: 1 },
      { to: '*', code: 554, stage: 'message' },
    ];
    expect((await get('/api/refusals', { method: 'PUT', body: JSON.stringify(rules) })).status).toBe(204);
    expect(await send('ada@example.test')).toMatchObject({ failure: 'later', reason: '451 at RCPT TO' });
    expect(await send('ada@example.test')).toMatchObject({ failure: 'refused', reason: '554 at DATA' });
    expect((await get('/api/refusals', { method: 'PUT', body: '[{"code":1}]' })).status).toBe(400);
    expect((await get('/api/refusals', { method: 'PUT', body: '[]' })).status).toBe(204);
    expect(await send('ada@example.test')).toEqual({ ok: true });
  });

  it('keeps only so many mails, and none that is too large', async () => {
    const small = createBox({ mails: 2, keptBytes: 250 });
    const add = (chars: number) => small.add({ at: 0, from: 'a', to: ['b'], raw: Buffer.alloc(chars, 'x') });
    for (const chars of [10, 20, 30]) await add(chars);
    expect(small.list().map(({ bytes }) => bytes)).toEqual([30, 20]);
    await add(240);
    expect(small.list().map(({ bytes }) => bytes)).toEqual([240]);
    expect(await send('ada@example.test', { text: 'x'.repeat(BOUNDS.mailBytes) })).toMatchObject({ ok: false });
    expect(box.list()).toEqual([]);
  });

  it('answers only this machine, and no other web page', async () => {
    expect(await statusWithHost('evil.example')).toBe(421);
    expect((await get('/delete', { method: 'POST', headers: { origin: 'http://evil.example' } })).status).toBe(403);
    expect((await get('/', { headers: { origin: page.url } })).status).toBe(200);
  });
});
