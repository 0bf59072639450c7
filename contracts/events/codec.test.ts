import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../limits.ts';
import { TOPICS } from '../topics.ts';
import { decodeEvent, encodeEvent, knownVersions } from './codec.ts';

const FIXTURES = new URL('./fixtures/', import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, FIXTURES), 'utf8');
const fixtureOf = (topic: string, version: number): string => `${topic}.v${version}.json`;

describe('events', () => {
  const expected = TOPICS.flatMap((topic) => knownVersions(topic).map((version) => ({ topic, version })));

  it('has at least one version for every topic, and a golden fixture for every version', () => {
    for (const topic of TOPICS) expect(knownVersions(topic)).not.toEqual([]);
    const files = expected.map(({ topic, version }) => fixtureOf(topic, version));
    expect(readdirSync(FIXTURES).toSorted()).toEqual(files.toSorted());
  });

  it.each(expected)('$topic version $version still decodes as it was written', ({ topic, version }) => {
    const text = read(fixtureOf(topic, version));
    const decoded = decodeEvent(topic, text);
    if (!decoded.ok) throw new Error(decoded.reason);
    expect(decoded.event).toEqual(JSON.parse(text));
    expect(decodeEvent(topic, encodeEvent(decoded.event))).toEqual(decoded);
  });

  it('says what is wrong with what it cannot read', () => {
    const won = read('claims.won.v1.json');
    const changed = (change: object): string => JSON.stringify({ ...JSON.parse(won), ...change });
    const problem = (text: string) => {
      const decoded = decodeEvent('claims.won', text);
      return decoded.ok ? 'none' : decoded.problem;
    };
    expect(problem('{')).toBe('NOT_JSON');
    expect(problem('null')).toBe('WRONG_TYPE');
    expect(problem('[]')).toBe('WRONG_TYPE');
    expect(problem(read('order.created.v1.json'))).toBe('WRONG_TYPE');
    expect(problem(changed({ v: 3 }))).toBe('UNKNOWN_VERSION');
    expect(problem(changed({ v: 2 }))).toBe('WRONG_SHAPE');
    expect(problem(changed({ data: { ...JSON.parse(won).data, payment: null } }))).toBe('WRONG_SHAPE');
    expect(problem(changed({ v: '1' }))).toBe('WRONG_SHAPE');
    expect(problem(changed({ data: {} }))).toBe('WRONG_SHAPE');
    expect(problem(changed({ extra: 1 }))).toBe('WRONG_SHAPE');
    expect(problem(' '.repeat(LIMITS.eventBytes + 1))).toBe('TOO_LARGE');
    expect(problem(won)).toBe('none');
  });
});
