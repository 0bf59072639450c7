import { describe, expect, it } from 'vitest';
import { isSqlState, parseInt8, parseInt8Array, parseUtcTimestamp } from './postgres-types.ts';

describe('values from the database', () => {
  it('gives int8 as an exact number or not at all', () => {
    expect(parseInt8('-9007199254740991')).toBe(Number.MIN_SAFE_INTEGER);
    expect(() => parseInt8('9007199254740992')).toThrow('9007199254740992');
  });

  it('gives arrays of int8, with nulls and nested', () => {
    expect(parseInt8Array('{1,NULL,-3}')).toEqual([1, null, -3]);
    expect(parseInt8Array('{{1,2},{3,4}}')).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(parseInt8Array('{}')).toEqual([]);
    expect(parseInt8Array('[2:3]={7,8}')).toEqual([7, 8]);
    expect(() => parseInt8Array('{9007199254740993}')).toThrow('9007199254740993');
  });

  it('takes a timestamp without a zone for UTC', () => {
    expect(parseUtcTimestamp('2026-03-29 02:30:00.25')).toEqual(new Date('2026-03-29T02:30:00.250Z'));
    expect(parseUtcTimestamp('infinity')).toBe(Number.POSITIVE_INFINITY);
    expect(parseUtcTimestamp('0044-03-15 12:00:00 BC')).toBe('0044-03-15 12:00:00 BC');
  });
});

it('knows the server’s own codes from those of a connection', () => {
  expect(['40001', '23505', 'ODS01', 'XX000', '57P01'].every(isSqlState)).toBe(true);
  expect(['EPIPE', 'ECONNRESET', '', undefined, 40_001].some(isSqlState)).toBe(false);
});
