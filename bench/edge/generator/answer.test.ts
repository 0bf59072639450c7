import { expect, it } from 'vitest';
import { encodeMessage } from '../../../contracts/line/codec.ts';
import { readAnswer } from './answer.ts';

const read = (text: string) => readAnswer(Buffer.from(`..${text}`), 2, 2 + Buffer.byteLength(text));

it('finds in a frame what the edge says of a claim', () => {
  const made = { sku: 'SNEAKER-42', qty: 1, amount: 4_900, currency: 'EUR', holdUntil: 1 };
  expect(read(encodeMessage({ t: 'claimed', key: '0-a-1', claimId: 'c1', ...made }))).toEqual({
    ...{ key: '0-a-1', claimId: 'c1', code: '', retryAfterMs: undefined },
  });
  expect(read(encodeMessage({ t: 'refused', code: 'SOLD_OUT', key: '0-a-2' }))).toMatchObject({
    ...{ key: '0-a-2', claimId: '', code: 'SOLD_OUT' },
  });
  expect(read(encodeMessage({ t: 'refused', code: 'BUSY', retryAfterMs: 1_000, key: 'k' }))?.retryAfterMs).toBe(1_000);
});

it.each([
  '{"t":"ticket","key":"a","claimId":"b"}',
  '{"t":"claimed","key":"a\\n","claimId":"b"}',
  '{"t":"refused","code":"BUSY"}',
])('leaves to the parser what looks otherwise: %s', (text) => {
  expect(read(text)).toBeUndefined();
});
