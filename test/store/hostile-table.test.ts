/**
 * docs/HOSTILE-INPUT.md, made from what the store answers: over a real port, as the server's own limits (length of
 * headers, of a path) are passed by otherwise. Another answer than the document's fails; `vitest run -u` on this file
 * writes it anew.
 */
import { expect, it } from 'vitest';
import { sell } from '../fixtures/goods.ts';
import { useStore } from '../fixtures/store.ts';
import { textAt, valueAt } from '../fixtures/told.ts';
import { type Got, hostileCases, send } from './hostile-cases.ts';

const store = useStore();
const DOCUMENT = '../../docs/HOSTILE-INPUT.md';

const ABOUT = `# Hostile input

What was sent to a running store, and what it answered. Made by \`npx vitest run test/store/hostile-table.test.ts -u\`; the
same test, without \`-u\`, fails when an answer changes. \`test/store/hostile.test.ts\` tries such things on every route and in
every field besides. Nothing here may end in a failure of the server (5xx), and no refusal tells about its inside.

| what was sent | to | answer |
|---|---|---|
`;

it('answers hostile input as docs/HOSTILE-INPUT.md says, and never fails', async () => {
  const [me, other, merchant] = [await store.person(), await store.person(), await store.person('merchant')];
  const { sku } = await sell(store.database.pool, { priceMinor: 1_000, merchantId: merchant.userId });
  const address = await store.call('POST', '/api/v1/me/addresses', {
    token: other.token,
    body: { recipient: 'Sam', line1: '1 Some Street', city: 'Berlin', postalCode: '10115', country: 'DE' },
  });
  expect(address.status, address.text).toBe(201);
  await store.call('POST', '/api/v1/cart/items', { token: other.token, body: { sku, quantity: 1 } });
  const url = await store.app.listen({ host: '127.0.0.1', port: 0 });
  const rows: string[] = [];
  const cases = hostileCases({
    ...{ ...me, merchantToken: merchant.token, sku },
    other: { userId: other.userId, addressId: textAt(address.body, 'id') },
  });
  for (const { what, sent } of cases) {
    const got = await send(url, sent);
    expect(got.status, `${what}: ${got.text}`).toBeLessThan(500);
    const path = (sent.path.split('?')[0] ?? '')
      .replace('/api/v1', '')
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}');
    rows.push(`| ${what} | \`${sent.method} ${shown(path)}\` | ${answerOf(got)} |`);
  }
  const people = await store.database.pool.query<{ role: string; quantity: number }>(
    `select role, (select count(*)::int from addresses where id = $2) as quantity from users where id = $1`,
    [me.userId, valueAt(address.body, 'id')],
  );
  expect(people.rows).toEqual([{ role: 'shopper', quantity: 1 }]);
  await expect(`${ABOUT}${rows.join('\n')}\n`).toMatchFileSnapshot(DOCUMENT);
});

const shown = (path: string) => (path.length > 40 ? `${path.slice(0, 40)}…` : path);

function answerOf({ status, type, text }: Got): string {
  if (status < 400) return `${status}${taken(text)}`;
  const problem: unknown = type.includes('json') ? JSON.parse(text) : undefined;
  if (typeof problem !== 'object' || problem === null || !('code' in problem)) return String(status);
  const detail = 'detail' in problem && typeof problem.detail === 'string' ? `: ${problem.detail.split(', ')[0]}` : '';
  return `${status} \`${String(problem.code)}\`${detail.replaceAll('|', '\\|')}`;
}

/** Of what was taken: that it came back as it was, or that there was nothing to find. */
function taken(text: string): string {
  const body: unknown = text === '' ? {} : JSON.parse(text);
  if (typeof body !== 'object' || body === null) return '';
  if ('name' in body) return `, kept as it is: \`${JSON.stringify(body.name)}\``;
  if ('items' in body && Array.isArray(body.items) && body.items.length === 0) return ', nothing found';
  return '';
}
