/** What nobody honest sends, one thing each, to a place where it would hurt if it were believed. */
import { request } from 'node:http';
import { LIMITS } from '../../contracts/limits.ts';
import type { Method } from '../fixtures/store.ts';

export interface Sent {
  readonly method: Method;
  readonly path: string;
  readonly token?: string | undefined;
  /** Text and bytes go as they are. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HostileCase {
  readonly what: string;
  readonly sent: Sent;
}

/** Who and what there is to attack. */
export interface Victims {
  readonly token: string;
  readonly userId: string;
  /** Somebody else, with an address and a cart. */
  readonly other: { readonly userId: string; readonly addressId: string };
  readonly merchantToken: string;
  readonly sku: string;
}

const API = '/api/v1';
const nested = (depth: number) => `{"sku":${'['.repeat(depth)}${']'.repeat(depth)}}`;

export function hostileCases({ token, userId, other, merchantToken, sku }: Victims): readonly HostileCase[] {
  const search = (query: string): Sent => ({ method: 'GET', path: `${API}/search/products?${query}` });
  const add = (body: unknown, headers: Sent['headers'] = {}): Sent => ({
    ...{ method: 'POST', path: `${API}/cart/items`, token, body, headers },
  });
  const get = (path: string, as: string | undefined = token): Sent => ({ method: 'GET', path: API + path, token: as });
  const rename = (name: unknown): Sent => ({ method: 'PATCH', path: `${API}/me`, token, body: { name } });
  const login = (body: unknown): Sent => ({ method: 'POST', path: `${API}/auth/login`, body });
  const price = (minor: unknown): Sent => ({
    ...{ method: 'PUT', path: `${API}/variants/${sku}`, token: merchantToken },
    body: { title: 'Black', price: minor, currency: 'EUR' },
  });
  const forged = (header: object, payload: object) =>
    `${[header, payload].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`;
  return [
    { what: 'SQL in a search', sent: search(`q=${encodeURIComponent("'; drop table users; --")}`) },
    { what: 'operators of a tsquery in a search', sent: search(`q=${encodeURIComponent("!(a|b) & 'c':* <-> \\")}`) },
    { what: 'SQL in an id', sent: get(`/products/${encodeURIComponent("1' or '1'='1")}`) },
    { what: 'SQL in a sort', sent: search('sort=price_minor%3B%20drop%20table%20users') },
    {
      what: 'an operator of a document database for a password',
      sent: login({ email: 'a@b.example', password: { $gt: '' } }),
    },
    { what: 'a script for a name', sent: rename('<script>alert(1)</script>') },
    { what: 'line breaks and a header for a name', sent: rename('a\r\nSet-Cookie: b=c') },
    { what: 'a way out of a folder in a path', sent: get(`/products/${encodeURIComponent('../../../etc/passwd')}`) },
    { what: 'a NUL in a path', sent: get('/products/%00') },
    { what: 'a path that cannot be decoded', sent: get('/products/%ff%fe') },
    { what: 'no JSON', sent: add('{"sku": ') },
    { what: 'JSON of another form', sent: add('[]') },
    { what: 'a body without its end (chunked, cut)', sent: add('{"sku":"a","quantity"') },
    { what: 'JSON nested 10,000 deep', sent: add(nested(10_000)) },
    { what: `JSON nested ${LIMITS.jsonDepth + 1} deep`, sent: add(nested(LIMITS.jsonDepth + 1)) },
    { what: 'a list of 25,000 values', sent: add(`{"sku":[${'1,'.repeat(24_999)}1]}`) },
    { what: 'a body of 1 MB', sent: add(JSON.stringify({ sku: 'x'.repeat(1_048_576), quantity: 1 })) },
    { what: 'half a character (a lone surrogate)', sent: rename('\ud800') },
    { what: 'a NUL in a text', sent: add('{"sku":"a\\u0000b","quantity":1}') },
    { what: 'bytes that are no UTF-8', sent: add(Buffer.from('{"sku":"\xff\xfe","quantity":1}', 'latin1')) },
    { what: 'a text that is written from right to left', sent: rename('‮evil') },
    { what: '__proto__ as a key', sent: add('{"__proto__":{"role":"admin"},"sku":"a","quantity":1}') },
    {
      what: 'constructor as a key',
      sent: add('{"constructor":{"prototype":{"role":"admin"}},"sku":"a","quantity":1}'),
    },
    { what: 'the same key twice, the second one good', sent: add(`{"quantity":-5,"sku":"${sku}","quantity":1}`) },
    { what: 'a field that the form does not have', sent: add({ sku, quantity: 1, unitPrice: 1 }) },
    { what: 'a quantity of -1', sent: add({ sku, quantity: -1 }) },
    { what: 'a quantity of 0', sent: add({ sku, quantity: 0 }) },
    { what: 'a quantity of 1.5', sent: add({ sku, quantity: 1.5 }) },
    { what: 'a quantity of 1e9', sent: add({ sku, quantity: 1e9 }) },
    { what: 'a quantity of "1": a text', sent: add({ sku, quantity: '1' }) },
    { what: 'a quantity of true', sent: add({ sku, quantity: true }) },
    { what: 'a quantity of null', sent: add({ sku, quantity: null }) },
    { what: 'a SKU of null', sent: add({ sku: null, quantity: 1 }) },
    { what: 'a name of 5: a number', sent: rename(5) },
    { what: 'a price of -1', sent: price(-1) },
    { what: 'a price of 1e308', sent: price(1e308) },
    { what: 'a price of 2^53 + 2', sent: price(2 ** 53 + 2) },
    { what: 'a price of "100": a text', sent: price('100') },
    { what: 'a price range that overflows, in a query', sent: search(`priceMax=${'9'.repeat(400)}`) },
    { what: 'a page of -1', sent: search('limit=-1') },
    { what: 'a cursor that is none', sent: get('/products?cursor=%7B%22a%22%3A1%7D') },
    { what: 'a query of 12,000 characters', sent: search(`q=${'a'.repeat(12_000)}`) },
    { what: 'a query of 100,000 characters', sent: search(`q=${'a'.repeat(100_000)}`) },
    { what: 'a thousand values for one filter', sent: search('tag=a&'.repeat(1_000)) },
    { what: 'headers of 20 KB', sent: { ...get('/products'), headers: { 'x-filler': 'a'.repeat(20_000) } } },
    { what: 'XML', sent: add('<sku>a</sku>', { 'content-type': 'application/xml' }) },
    {
      what: 'a form of a page',
      sent: add('sku=a&quantity=1', { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    {
      what: 'JSON that says it is plain text',
      sent: add(JSON.stringify({ sku, quantity: 1 }), { 'content-type': 'text/plain' }),
    },
    { what: 'JSON in UTF-16', sent: add(Buffer.from(JSON.stringify({ sku, quantity: 1 }), 'utf16le')) },
    { what: 'a length of the body that is no number', sent: add({ sku, quantity: 1 }, { 'content-length': 'many' }) },
    { what: 'no token', sent: { method: 'GET', path: `${API}/me` } },
    {
      what: 'a token without a signature (alg none)',
      sent: get('/me', forged({ alg: 'none' }, { sub: userId, role: 'admin' })),
    },
    { what: 'a token with a changed letter', sent: get('/me', `${token.slice(0, -3)}AAA`) },
    { what: 'a token of 100,000 characters', sent: get('/me', 'a'.repeat(100_000)) },
    { what: "somebody else's cart", sent: get(`/cart/${other.userId}`) },
    {
      what: "a thing for somebody else's cart",
      sent: { ...add({ sku, quantity: 1 }), path: `${API}/cart/${other.userId}/items` },
    },
    {
      what: "somebody else's address",
      sent: { method: 'DELETE', path: `${API}/me/addresses/${other.addressId}`, token },
    },
    { what: 'the list of all accounts', sent: get('/users') },
    { what: 'a role for oneself', sent: { method: 'PATCH', path: `${API}/me`, token, body: { role: 'admin' } } },
    { what: 'a method that the address does not have', sent: { method: 'DELETE', path: `${API}/auth/login`, token } },
    { what: 'an address that is none', sent: get('/../../admin') },
  ];
}

export interface Got {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export function send(url: string, { method, path, token, body, headers }: Sent): Promise<Got> {
  const payload = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const asked = request(url, {
      ...{ method, path, agent: false },
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(payload === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
        ...headers,
      },
    });
    // A server that has answered and closed does not read the rest of a body that is too large.
    let isAnswered = false;
    asked.once('error', (error) => (isAnswered ? undefined : reject(error)));
    asked.once('response', (answer) => {
      isAnswered = true;
      const chunks: Buffer[] = [];
      const { statusCode: status = 0, headers: told } = answer;
      const end = () => resolve({ status, type: told['content-type'] ?? '', text: Buffer.concat(chunks).toString() });
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('end', end);
      answer.once('error', end);
    });
    asked.end(payload);
  });
}
