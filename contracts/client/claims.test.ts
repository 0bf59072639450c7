import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ErrorCode } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import type { EdgeMessageOf } from '../line/messages.ts';
import { type ClaimBook, createClaimBook } from './claims.ts';
import { textIn } from './frames.ts';

let book: ClaimBook;
let sent: (string | undefined)[];

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  book = createClaimBook({
    ...{ now: () => Date.now(), random: () => 0, deadlineMs: 10_000, silenceMs: 2_000 },
    send: (frame) => sent.push(textIn(frame, 'key')),
  });
});
afterEach(() => {
  book.end();
  vi.useRealTimers();
});

const claim = (key: string, qty = 1) => book.add({ key, sku: 'S', qty });
const refuse = (key: string, code: ErrorCode) => book.refused({ t: 'refused', key, code, retryAfterMs: 500 }, key);
const won = (key: string): EdgeMessageOf<'claimed'> => ({
  ...{ t: 'claimed', key, claimId: '017f22e2-79b0-7cc3-98c4-dc0c0c07398f', sku: 'S', qty: 1 },
  ...{ amount: 1, currency: 'EUR', holdUntil: 1 },
});

describe('claims of a client', () => {
  it('wait until the shopper is admitted, and go out no more at once than a socket may have', async () => {
    const claims = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => claim(key));
    expect(sent).toEqual([]);
    book.open();
    expect(sent).toEqual(['a', 'b', 'c', 'd']);
    book.claimed(won('b'));
    expect(sent).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await claims[1]).toEqual(won('b'));
  });

  it('are sent again, the same keys, after a lost connection, and answered once', async () => {
    const first = claim('a');
    book.open();
    book.shut();
    expect(claim('a')).toBe(first);
    book.open();
    expect(sent).toEqual(['a', 'a']);
    book.claimed(won('a'));
    book.claimed(won('a'));
    expect(await first).toEqual(won('a'));
    expect(book.size).toBe(0);
  });

  it.each(['BUSY', 'RATE_LIMITED', 'INTERNAL'] as const)('are sent again after %s, not before they may', (code) => {
    void claim('a');
    book.open();
    refuse('a', code);
    vi.advanceTimersByTime(499);
    expect(sent).toEqual(['a']);
    vi.advanceTimersByTime(1);
    expect(sent).toEqual(['a', 'a']);
  });

  it('are sent again when an error named none of them', () => {
    void claim('a');
    book.open();
    book.askAgain(300);
    vi.advanceTimersByTime(300);
    expect(sent).toEqual(['a', 'a']);
  });

  it.each(['SOLD_OUT', 'LIMIT_REACHED', 'PASS_EXPIRED', 'PAUSED'] as const)('end with %s', async (code) => {
    const outcome = claim('a');
    book.open();
    refuse('a', code);
    expect(await outcome).toMatchObject({ t: 'refused', code });
  });

  it.each(['NOT_ADMITTED', 'PAUSED'] as const)('that may have been won do not end with %s', async (code) => {
    const outcome = claim('a');
    book.open();
    book.shut();
    book.open();
    refuse('a', code);
    vi.advanceTimersByTime(500);
    expect(sent).toEqual(['a', 'a', 'a']);
    vi.advanceTimersByTime(10_000);
    expect(await outcome).toEqual({ t: 'unanswered', key: 'a', why: 'too late', sent: true });
  });

  it('are asked about again after silence, until it is too late', async () => {
    const outcome = claim('a');
    book.open();
    vi.advanceTimersByTime(9_999);
    expect(sent).toHaveLength(5);
    vi.advanceTimersByTime(1);
    expect(await outcome).toEqual({ t: 'unanswered', key: 'a', why: 'too late', sent: true });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are only asked about once the pass is over: what was never sent stays, what may have been won is found out', async () => {
    const sure = ['a', 'b', 'c', 'd'].map((key) => claim(key));
    const never = claim('e');
    book.open();
    book.shut();
    book.ask();
    expect(sent).toEqual(['a', 'b', 'c', 'd', 'a', 'b', 'c', 'd']);
    for (const key of ['a', 'b', 'c', 'd']) book.refused({ t: 'refused', key, code: 'PASS_EXPIRED' }, key);
    expect(await sure[0]).toMatchObject({ code: 'PASS_EXPIRED' });
    vi.advanceTimersByTime(10_000);
    expect(await never).toMatchObject({ t: 'unanswered', sent: false });
    expect(sent).toHaveLength(8);
  });

  it('have a key each, and a bound', async () => {
    void claim('a');
    expect(await claim('a', 2)).toMatchObject({ t: 'refused', code: 'KEY_REUSED' });
    for (let at = 1; at < LIMITS.clientClaims; at += 1) void claim(`k${at}`);
    expect(await claim('more')).toEqual({ t: 'unanswered', key: 'more', why: 'too many', sent: false });
    expect(book.size).toBe(LIMITS.clientClaims);
  });
});
