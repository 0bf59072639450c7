import { expect, it } from 'vitest';
import { CLOSE } from '../close-codes.ts';
import { afterClose, type Closing, delayOf } from './reconnect.ts';

const backoff = { minMs: 100, maxMs: 10_000 };
const after = (closing: Partial<Closing>) =>
  afterClose({ code: 1006, failures: 1, retryAfterMs: 0, renewed: false, ...closing }, backoff);

it('backs off with each failure, up to its bound, anywhere in the interval', () => {
  const delays = [1, 2, 3, 50].map((failures) => {
    const next = after({ failures });
    return next.next === 'return' ? [delayOf(next, () => 0), delayOf(next, () => 1)] : [];
  });
  expect(delays).toEqual([
    [0, 200],
    [0, 400],
    [0, 800],
    [0, 10_000],
  ]);
});

it.each([
  1000,
  1001,
  1005,
  1006,
  1011,
  CLOSE.DRAINING,
  CLOSE.RATE_LIMITED,
  CLOSE.SLOW_READER,
  CLOSE.IDLE,
  CLOSE.INTERNAL,
])('comes back after %d', (code) => {
  expect(after({ code })).toMatchObject({ next: 'return', renewToken: false });
});

it.each([CLOSE.BAD_MESSAGE, CLOSE.TOO_LARGE, CLOSE.DROP_NOT_FOUND, CLOSE.UNKNOWN_REGION, CLOSE.ENDED])(
  'stops after %d',
  (code) => {
    expect(after({ code })).toEqual({ next: 'stop' });
  },
);

it('spreads over seconds those whom a draining edge sends away, and keeps who came too often away for longer', () => {
  expect(after({ code: CLOSE.DRAINING })).toMatchObject({ withinMs: 5_000 });
  expect(after({ code: CLOSE.RATE_LIMITED })).toMatchObject({ atLeastMs: 5_000 });
  expect(after({ code: CLOSE.RATE_LIMITED, retryAfterMs: 9_000 })).toMatchObject({ atLeastMs: 9_000 });
});

it('tries a refused token once more, with a new one', () => {
  expect(after({ code: CLOSE.UNAUTHENTICATED })).toMatchObject({ next: 'return', renewToken: true });
  expect(after({ code: CLOSE.UNAUTHENTICATED, renewed: true })).toEqual({ next: 'stop' });
});
