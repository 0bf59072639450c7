import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { maskText, REDACTED, redact, redactError } from './redaction.ts';

const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzaG9wcGVyLTEifQ.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg';

describe('private keys', () => {
  it.each([
    'token',
    'accessToken',
    'refresh_token',
    'X-Api-Key',
    'ticket',
    'pass',
    'password',
    'dbPassword',
    'clientSecret',
    'Authorization',
    'set-cookie',
    'nonce',
    'proof',
    'email',
    'shopperEmail',
    'phone_number',
    'shippingAddress',
    'name',
    'lastName',
    'card',
    'cardNumber',
    'cvc',
  ])('hides what stands under %s, at any depth', (key) => {
    const hidden = JSON.stringify(redact({ [key]: 'hunter2', deep: [{ [key]: { inner: 'hunter2' } }] }));
    expect(hidden).not.toContain('hunter2');
    expect(hidden).toContain(REDACTED);
  });

  it.each(['sku', 'dropId', 'passengers', 'position', 'topic', 'key', 'filename', 'process'])('shows %s', (key) => {
    expect(redact({ [key]: 'seen' })).toEqual({ [key]: 'seen' });
  });

  it('hides a list of them, and shows how many there are', () => {
    expect(redact({ tickets: ['hunter2'], passes: ['hunter2'], names: 'hunter2' })).toEqual({
      tickets: REDACTED,
      passes: REDACTED,
      names: REDACTED,
    });
    expect(redact({ tickets: 12, passes: 3 })).toEqual({ tickets: 12, passes: 3 });
  });

  it('hides them in a Map as well', () => {
    expect(redact(new Map([['password', 'hunter2']]))).toEqual({ password: REDACTED });
  });
});

describe('private texts', () => {
  it.each([
    ['a bearer token', 'refused: Authorization was Bearer abc.def-ghi', 'abc.def-ghi'],
    ['a JWT', `verify failed for ${jwt} at line 3`, jwt],
    [
      'three signed parts',
      'ticket dHdlbnR5Y2hhcmFjdGVycw.bW9yZXRoYW5zaXh0ZWVu.c2lnbmF0dXJlc2lnbmF0dXJl!',
      'bW9yZXRoYW5',
    ],
    ['the user of a URL', 'connect to redis://default:hunter2@10.0.0.1:6379/0 failed', 'hunter2'],
    ['a password only', 'redis://:hunter2@host', 'hunter2'],
    ['a query parameter', 'GET /v1/tickets?ticket=hunter2&sku=A', 'hunter2'],
    ['JSON in a text', '{"email":"a@b.example","password":"hunter2 with spaces"}', 'hunter2'],
    ['JSON in JSON', '{\\"accessToken\\":\\"hunter2\\"}', 'hunter2'],
    ['a header line', 'Set-Cookie: sid=hunter2; Path=/', 'hunter2'],
    ['a mail address', 'Key (login)=(jo.doe+x@mail.example.org) already exists.', 'jo.doe'],
  ])('hides %s', (_, text, secret) => {
    expect(maskText(text)).not.toContain(secret);
    expect(maskText(text)).toContain(REDACTED);
  });

  it.each([
    'node:internal/modules/esm/get_format:189:9',
    'at Runner.fetch (/app/node_modules/kafkajs/src/consumer/runner.js:402:41)',
    'GET http://127.0.0.1:9464/ready answered 503 in 12 ms',
    '019a8f3e-7c1b-7d2e-9f00-000000000001 sold 2 of sku-1 in us-east',
    '@fastify/type-provider-typebox@6.3.0',
  ])('leaves %s as it is', (text) => {
    expect(maskText(text)).toBe(text);
  });

  it('does not leave the first half of a token that stands across the cut', () => {
    const text = `${'x'.repeat(3_990)} ${jwt}`;
    expect(maskText(text)).not.toContain('eyJ');
  });

  it('takes no longer for a hostile text than for its length', () => {
    for (const piece of ['a', '-', 'a.', '@', 'token', '"', 'a@', '://', 'eyJ', 'password="\\']) {
      const startedAt = performance.now();
      maskText(piece.repeat(20_000));
      expect(performance.now() - startedAt).toBeLessThan(250);
    }
  });
});

describe('shape', () => {
  it('ends where a thing contains itself, is too deep or too wide', () => {
    const self: Record<string, unknown> = { sku: 'A' };
    self['self'] = self;
    expect(redact(self)).toEqual({ sku: 'A', self: '[circular]' });
    expect(JSON.stringify(redact({ a: { a: { a: { a: { a: { a: { a: 1 } } } } } } }))).toContain('[deep]');
    const wide = JSON.stringify(redact({ items: Array.from({ length: 100_000 }, (_, i) => ({ i })) }));
    expect(wide.length).toBeLessThan(2_000);
    expect(wide).toContain('[99950 more]');
    const bushy = (depth: number): unknown => (depth === 0 ? 1 : Array.from({ length: 40 }, () => bushy(depth - 1)));
    expect(JSON.stringify(redact(bushy(3))).length).toBeLessThan(100_000);
  });

  it('cuts long texts and never copies bytes', () => {
    expect(redact('y'.repeat(1_000_000))).toHaveLength(4_001);
    expect(redact({ body: Buffer.from('hunter2') })).toEqual({ body: '[7 bytes]' });
  });

  it('survives getters that throw and keys that would change a prototype', () => {
    const trap = {
      get boom(): string {
        throw new Error('no');
      },
    };
    expect(redact({ trap })).toEqual({ trap: '[unreadable]' });
    const copied = redact(JSON.parse('{"__proto__":{"admin":true}}'));
    expect(Object.getPrototypeOf(copied)).toBe(Object.prototype);
  });

  it('writes what JSON cannot', () => {
    const at = new Date(Date.UTC(2026, 0, 2));
    expect(redact({ n: 12n, at, set: new Set([1]), f: () => 1 })).toEqual({
      n: '12',
      at: '2026-01-02T00:00:00.000Z',
      set: [1],
      f: '[function]',
    });
  });
});

describe('requests', () => {
  it('never shows more of a real request than that it is one', () => {
    const request = new IncomingMessage(new Socket());
    request.url = '/login?password=hunter2';
    request.headers.authorization = 'Bearer hunter2';
    request.rawHeaders.push('Cookie', 'sid=hunter2');
    expect(redact({ request })).toEqual({ request: '[IncomingMessage]' });
  });

  it('hides what is private in something that looks like one', () => {
    const text = JSON.stringify(
      redact({
        method: 'POST',
        url: '/v1/tickets?ticket=hunter2',
        headers: { authorization: 'Bearer hunter2', cookie: 'sid=hunter2', 'x-api-key': 'hunter2', accept: '*/*' },
        rawHeaders: ['Cookie', 'sid=hunter2'],
        body: '{"password":"hunter2","email":"jo@shop.example"}',
        query: { token: 'hunter2' },
      }),
    );
    expect(text).not.toMatch(/hunter2|jo@shop/);
    expect(text).toContain('"accept":"*/*"');
  });
});

describe('errors', () => {
  it('tells code, message, stack and causes, masked, and nothing that hangs on them', () => {
    const cause = Object.assign(new Error('WRONGPASS for redis://u:hunter2@h'), {
      code: 'WRONGPASS',
      command: { name: 'AUTH', args: ['hunter2'] },
    });
    const row = Object.assign(new Error(`bad token ${jwt}`, { cause }), {
      code: '23505',
      detail: 'Key (phone)=(hunter2) already exists.',
      table: 'shoppers',
    });
    const told = redactError(row);
    expect(told).toMatchObject({
      type: 'Error',
      code: '23505',
      table: 'shoppers',
      message: `bad token ${REDACTED}`,
      stack: expect.stringContaining('redaction.test.ts'),
      cause: { code: 'WRONGPASS', message: `WRONGPASS for redis://${REDACTED}@h` },
    });
    expect(JSON.stringify(told)).not.toContain('hunter2');
    expect(JSON.stringify(told)).not.toContain(jwt);
  });

  it('tells the errors of an AggregateError, and ends in a chain of causes without end', () => {
    const many = new AggregateError([new Error('password=hunter2'), 'Bearer hunter2'], 'all failed');
    expect(JSON.stringify(redactError(many))).not.toContain('hunter2');
    const loop = new Error('loop');
    loop.cause = loop;
    expect(JSON.stringify(redactError(loop)).length).toBeLessThan(60_000);
  });

  it('takes anything that was thrown', () => {
    expect(redactError('Bearer hunter2')).toBe(`Bearer ${REDACTED}`);
    expect(redactError(undefined)).toBeUndefined();
  });
});
