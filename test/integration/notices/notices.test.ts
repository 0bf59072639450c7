import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOTICE_TEMPLATES, type NoticeTemplate, type NoticeValues, noticeEvent } from '../../../contracts/notices.ts';
import { topicName } from '../../../contracts/topics.ts';
import { connectKafka, type Kafka, type Publisher } from '../../../platform/connections/kafka.ts';
import { freePort } from '../../../scripts/servers/ports.ts';
import { newId } from '../../fixtures/drop.ts';
import { silentLog } from '../../fixtures/shards.ts';
import { type CollectedTopic, collectTopic } from '../../servers/collect-topic.ts';
import { useDatabase } from '../../servers/database.ts';
import { type OurProcess, startOurProcess } from '../../servers/dropgate.ts';
import { eventually } from '../../servers/eventually.ts';
import { useKafka } from '../../servers/kafka.ts';
import { createMailbox, dlq, makePerson, type Person } from './mail-setup.ts';
import { order, VALUES } from './values.ts';

const database = useDatabase();
const kafkaServer = useKafka();
const { box, refusals, start } = createMailbox();
let kafka: Kafka;
let publisher: Publisher;
let letters: CollectedTopic;
let catcher: Awaited<ReturnType<typeof start>>;
let worker: OurProcess;
let env: Record<string, string>;

const topic = topicName(kafkaServer.topicPrefix, 'notification.email');
const WITHIN = { withinMs: 15_000 };

beforeAll(async () => {
  kafka = connectKafka({ brokers: kafkaServer.brokers, clientId: 'test', log: silentLog });
  await kafka.ensureTopics([{ topic, partitions: 2, replication: 1 }]);
  letters = await collectTopic(kafka, `${topic}.dlq`);
  publisher = await kafka.createPublisher();
  catcher = await start(0);
  env = {
    DATABASE_URL: database.url,
    KAFKA_BROKERS: kafkaServer.brokers.join(','),
    KAFKA_TOPIC_PREFIX: kafkaServer.topicPrefix,
    SMTP_URL: `smtp://127.0.0.1:${catcher.port}`,
    MAIL_FROM: 'Shop <notices@shop.test>',
    OPS_PORT: String(await freePort()),
  };
  worker = await startOurProcess('queue-workers/notify/main.ts', env);
});
afterAll(async () => {
  await worker?.stop();
  await catcher?.close();
  await kafka?.close();
});

function eventOf<T extends NoticeTemplate>(
  person: Person,
  template: T,
  values: NoticeValues<T>,
  eventId = newId(),
): string {
  return noticeEvent({ template, userId: person.userId, eventId, at: Date.now(), values });
}

const ask = (value: string, key = newId()) => publisher.publish([{ topic, key, value }]);
const mailTo = (person: Person, subject = '') =>
  eventually(() => box.list(person.mail).find((mail) => mail.subject.includes(subject)) ?? false, WITHIN);
const metric = async (template: string, result: string): Promise<number> => {
  const text = await (await fetch(`http://127.0.0.1:${env['OPS_PORT']}/metrics`)).text();
  const line = text
    .split('\n')
    .find((row) => row.startsWith(`dropgate_notices_total{template="${template}",result="${result}"`));
  return Number(line?.split(' ').at(-1) ?? 0);
};

describe('notices', () => {
  it.each(['en', 'de'])('are mailed in the language of their recipient: %s', async (language) => {
    const person = await makePerson(database.pool, { language, name: 'Ada' });
    await Promise.all(NOTICE_TEMPLATES.map((template) => ask(eventOf(person, template, VALUES[template]))));
    await eventually(() => box.list(person.mail).length === NOTICE_TEMPLATES.length, WITHIN);
    const said = box
      .list(person.mail)
      .map(({ subject, text }) => `${subject}\n${text}`)
      .join('\n');
    const expected =
      language === 'de'
        ? [
            'Guten Tag Ada,',
            'Ihre Bestellung ist bestätigt',
            '9.800,50\u00a0€',
            '3. Mai 2026 um 17:05 UTC',
            'Zahlung bestätigen',
          ]
        : ['Hello Ada,', 'Your order is confirmed', '€9,800.50', 'May 3, 2026 at 5:05 PM UTC', 'Confirm the payment'];
    for (const words of expected) expect(said).toContain(words);
    expect(new Set(box.list(person.mail).map(({ subject }) => subject)).size).toBe(NOTICE_TEMPLATES.length);
    for (const mail of box.list(person.mail)) {
      expect(mail.from).toBe('notices@shop.test');
      expect(mail.html).toContain(`<html lang="${language}">`);
    }
    expect((await mailTo(person, language === 'de' ? 'bestätigen' : 'confirm your')).html).toContain(
      'href="https://bank.test/3ds?a=1&amp;b=2"',
    );
  });

  it('are in English for a language that there is not', async () => {
    const person = await makePerson(database.pool, { language: 'fr' });
    await ask(eventOf(person, 'order-confirmed', order));
    expect((await mailTo(person)).subject).toBe('Your order is confirmed: Sneaker 42');
  });

  it('are mailed once, however often their event comes, with an id made of the event', async () => {
    const person = await makePerson(database.pool);
    const eventId = newId();
    const event = eventOf(person, 'order-confirmed', order, eventId);
    // The same key: behind one another in one partition. Another key: perhaps at the same time.
    await Promise.all([ask(event, 'a'), ask(event, 'a'), ask(event, 'b'), ask(event, 'c'), ask(event, 'd')]);
    const before = await mailTo(person);
    expect(before.messageId).toBe(`<${eventId}@shop.test>`);
    const last = eventOf(person, 'refund-done', VALUES['refund-done']);
    await Promise.all(['a', 'b', 'c', 'd'].map((key) => ask(last, key)));
    await mailTo(person, 'refund');
    await eventually(async () => (await metric('order-confirmed', 'repeated')) >= 4, WITHIN);
    expect(box.list(person.mail)).toHaveLength(2);
  });

  it('show what values say as text, in the mail and in its subject', async () => {
    const person = await makePerson(database.pool, { name: '<b>Eve</b>' });
    const title = '<img src=x onerror=alert(1)> "&" \r\nBcc: all@example.test';
    await ask(eventOf(person, 'order-confirmed', { ...order, title }));
    const mail = await mailTo(person);
    expect(mail.html).not.toMatch(/<img|<b>/);
    expect(mail.html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(mail.subject).toBe('Your order is confirmed: <img src=x onerror=alert(1)> "&" Bcc: all@example.test');
    expect(mail.headers.map(({ key }) => key)).not.toContain('bcc');
    expect(mail.to).toEqual([person.mail]);
  });

  it('go to nobody who is a guest, has no address, or has turned them off', async () => {
    const [noOrders, noReminders] = await Promise.all([
      makePerson(database.pool, { orderMails: false }),
      makePerson(database.pool, { reminderMails: false }),
    ]);
    const guest = { userId: newId(), mail: 'nobody@example.test' };
    const erased = await makePerson(database.pool);
    await database.pool.query(`update users set status = 'erased' where id = $1`, [erased.userId]);
    await ask(eventOf(noOrders, 'hold-expired', VALUES['hold-expired']));
    await ask(eventOf(noReminders, 'drop-reminder', VALUES['drop-reminder']));
    await ask(eventOf(guest, 'hold-expired', VALUES['hold-expired']));
    await ask(eventOf(erased, 'hold-expired', VALUES['hold-expired']));
    await eventually(async () => (await metric('hold-expired', 'unsubscribed')) === 1, WITHIN);
    await eventually(async () => (await metric('drop-reminder', 'unsubscribed')) === 1, WITHIN);
    await eventually(async () => (await metric('hold-expired', 'no-recipient')) === 1, WITHIN);
    await eventually(async () => (await metric('hold-expired', 'no-address')) === 1, WITHIN);
    await ask(eventOf(noReminders, 'order-confirmed', order));
    await mailTo(noReminders, 'confirmed');
    expect([noOrders, erased].flatMap(({ mail }) => box.list(mail))).toEqual([]);
  });

  it('wait for a mail server that is down, and lose nothing', async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => makePerson(database.pool)));
    const { port } = catcher;
    await catcher.close();
    for (const person of people) await ask(eventOf(person, 'order-confirmed', order));
    await eventually(async () => (await metric('order-confirmed', 'later')) >= 2, WITHIN);
    catcher = await start(port);
    await Promise.all(people.map((person) => mailTo(person)));
    expect(people.map(({ mail }) => box.list(mail).length)).toEqual([1, 1, 1, 1, 1]);
  });

  it('let others go first when one is refused for now, and come once it is taken', async () => {
    const [slow, quick] = await Promise.all([makePerson(database.pool), makePerson(database.pool)]);
    refusals.set([{ to: slow.mail, code: 451, times: 2 }]);
    const events = [eventOf(slow, 'order-confirmed', order), eventOf(quick, 'order-confirmed', order)];
    await publisher.publish(events.map((value) => ({ topic, key: 'same', value })));
    await mailTo(slow);
    expect(box.list().findIndex(({ to }) => to[0] === slow.mail)).toBeLessThan(
      box.list().findIndex(({ to }) => to[0] === quick.mail),
    );
    expect([box.list(slow.mail).length, box.list(quick.mail).length]).toEqual([1, 1]);
  });

  it('survive the worker that sends them: all are mailed, and none more than once beside those under way', async () => {
    const people = await Promise.all(Array.from({ length: 60 }, () => makePerson(database.pool)));
    const asked = people.map((person) => ({
      topic,
      key: person.userId,
      value: eventOf(person, 'order-confirmed', order),
    }));
    await publisher.publish(asked);
    const counts = () => people.map(({ mail }) => box.list(mail).length);
    await eventually(() => counts().some((count) => count > 0), WITHIN);
    await worker.kill();
    worker = await startOurProcess('queue-workers/notify/main.ts', env);
    await eventually(() => counts().every((count) => count > 0), { withinMs: 40_000 });
    // At most one mail of each partition was under way.
    expect(counts().reduce((a, b) => a + b)).toBeLessThanOrEqual(people.length + 2);
  }, 60_000);

  // Seven runs of the command, each a process.
  it('that are refused for good are set aside, shown, replayed, and mailed once', { timeout: 60_000 }, async () => {
    expect((await dlq(['list', '--topic', 'payment.failed'], env)).output).toContain('No dead letters');
    const person = await makePerson(database.pool);
    refusals.set([{ to: person.mail, code: 550 }]);
    const key = newId();
    await ask(eventOf(person, 'order-confirmed', order), key);
    const letter = await letters.withKey(key);
    expect(letter.headers).toMatchObject({ problem: 'REFUSED_BY_MAIL_SERVER', reason: '550 at RCPT TO' });
    expect(letter.headers['source']).toMatch(new RegExp(`^${topic}/\\d@\\d+$`));
    const name = `notification.email/${letter.partition}@${letter.offset}`;

    const listed = await dlq(['list'], env);
    expect(listed).toMatchObject({ code: 0 });
    expect(listed.output).toContain(name);
    const shown = await dlq(['show', name], env);
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.output).toContain('"template": "order-confirmed"');
    expect(shown.output).not.toContain(person.mail);

    refusals.set([]);
    expect((await dlq(['replay', name, '--dry-run'], env)).output).toContain('would be replayed');
    expect(await dlq(['replay', name], env)).toMatchObject({ code: 0, output: `${name}  replayed\n` });
    await mailTo(person);
    expect((await dlq(['replay', name], env)).output).toContain('passed over');
    const repeated = await metric('order-confirmed', 'repeated');
    expect(await dlq(['replay', name, '--again'], env)).toMatchObject({ code: 0, output: `${name}  replayed\n` });
    await eventually(async () => (await metric('order-confirmed', 'repeated')) > repeated, WITHIN);
    expect(box.list(person.mail)).toHaveLength(1);
  });

  it('that nobody can read are set aside, and stay where they are when replayed', async () => {
    const person = await makePerson(database.pool);
    const [junk, unknown, wrong] = [newId(), newId(), newId()];
    const event: unknown = JSON.parse(eventOf(person, 'hold-expired', VALUES['hold-expired']));
    const changed = (from: string, to: string) => JSON.stringify(event).replace(from, to);
    await ask('not json', junk);
    await ask(changed('hold-expired', 'no-such-notice'), unknown);
    await ask(changed('"quantity":2', '"quantity":"two"'), wrong);
    expect((await letters.withKey(junk)).headers['problem']).toBe('NOT_JSON');
    expect((await letters.withKey(unknown)).headers['problem']).toBe('UNKNOWN_TEMPLATE');
    expect((await letters.withKey(wrong)).headers['problem']).toBe('WRONG_SHAPE');
    const { partition, offset } = await letters.withKey(junk);
    const replayed = await dlq(['replay', `notification.email/${partition}@${offset}`], env);
    expect(replayed.code).toBe(1);
    expect(replayed.output).toContain('refused: it still cannot be read (the text is not JSON)');
  });
});

describe('npm run dlq', () => {
  it('says what is wrong with how it was called', { timeout: 60_000 }, async () => {
    expect(await dlq(['replay'], env)).toMatchObject({ code: 64 });
    expect(await dlq(['list', '--topic', 'nothing'], env)).toMatchObject({ code: 64 });
    expect((await dlq(['show', 'claims.won/0@99'], env)).output).toBe(
      'There is no letter claims.won/0@99 (any more).\n',
    );
    expect(await dlq(['list'], { ...env, DATABASE_URL: 'nonsense' })).toMatchObject({ code: 78 });
  });

  it('does not send back what the relay set aside, and says why', async () => {
    const dead = topicName(kafkaServer.topicPrefix, 'claims.won.dlq');
    await kafka.ensureTopics([{ topic: dead, partitions: 1, replication: 1 }]);
    const headers = { problem: 'WRONG_SHAPE', reason: 'not the shape', source: 'dg:{x}:outbox@1-0' };
    await publisher.publish([{ topic: dead, key: '1-0', value: 'a|b|c', headers }]);
    const replayed = await dlq(['replay', '--topic', 'claims.won', '--all'], env);
    expect(replayed.code).toBe(1);
    expect(replayed.output).toContain('raw words of an entry of an outbox in Redis');
    const json: unknown = JSON.parse((await dlq(['list', '--topic', 'claims.won', '--json'], env)).output);
    expect(json).toMatchObject({
      items: [{ letter: 'claims.won/0@0', problem: 'WRONG_SHAPE', replayedAt: null }],
      more: 0,
    });
  });
});
