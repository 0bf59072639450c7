import { describe, expect, it } from 'vitest';
import { emit } from './emit.ts';
import { HeaderError, parseHeader } from './header.ts';
import { houseRuleProblems } from './house-rules.ts';

const HEADER = `-- take: take units.
-- Why this is atomic.
-- @key    stock   hash  what is left
-- @arg    nowMs   int
-- @row    sku     string
-- @row    units   int
-- @answer TAKEN   left:int
-- @answer NONE
`;

const BODY = `local stock = KEYS[1]
local nowMs = tonumber(ARGV[1])
local FIRST_ROW, ROW_WIDTH = 2, 2
for at = FIRST_ROW, #ARGV, ROW_WIDTH do
  local sku, units = ARGV[at], tonumber(ARGV[at + 1])
  redis.call('HINCRBY', stock, sku, -units)
end
`;

const problemsOf = (body: string): string[] =>
  houseRuleProblems(parseHeader('stock/take.lua', HEADER + body), HEADER + body);

describe('the header of a script', () => {
  it('is its interface', () => {
    expect(parseHeader('stock/take.lua', HEADER + BODY)).toEqual({
      verb: 'take',
      purpose: 'take units.',
      keys: [{ name: 'stock', type: 'hash' }],
      args: [{ name: 'nowMs', type: 'int' }],
      rows: [
        { name: 'sku', type: 'string' },
        { name: 'units', type: 'int' },
      ],
      replies: [
        { name: 'TAKEN', fields: [{ name: 'left', type: 'int' }] },
        { name: 'NONE', fields: [] },
      ],
      perRow: true,
      includes: [],
    });
  });

  it('may answer lists', () => {
    const header = HEADER.replace('left:int', 'left:int[] names:string[]');
    expect(parseHeader('stock/take.lua', header).replies[0]?.fields).toEqual([
      { name: 'left', type: 'int[]' },
      { name: 'names', type: 'string[]' },
    ]);
    const emitted = emit({ path: 'stock/take', header: parseHeader('stock/take.lua', header), body: BODY });
    expect(emitted).toContain('readonly left: readonly number[]; readonly names: readonly string[]');
    expect(emitted).toContain('left: read.ints(1), names: read.strings(2)');
  });

  it.each([
    ['a list as an argument', HEADER.replace('nowMs   int', 'nowMs   int[]'), '"int[]"'],
    ['a list of lists', HEADER.replace('left:int', 'left:int[][]'), '"int[]"'],
    ['another verb than the file', HEADER.replace('take:', 'give:'), 'first line'],
    ['no keys', HEADER.replace(/-- @key.*\n/, ''), 'no @key'],
    ['a key of no type', HEADER.replace('hash', 'table'), '"table"'],
    ['an argument of no type', HEADER.replace('nowMs   int', 'nowMs   date'), '"date"'],
    ['a tag that there is not', HEADER.replace('@arg', '@argument'), 'unknown tag'],
    ['a name twice', HEADER.replace('units   int', 'sku   int'), 'declared twice'],
    ['a reply in small letters', HEADER.replace('NONE', 'none'), 'UPPER_CASE'],
    ['no replies', HEADER.replace(/-- @answer.*\n/g, ''), '@reply or @answer'],
    ['answers without rows', HEADER.replace(/-- @row.*\n/g, ''), 'scripts with @row'],
  ])('is refused with %s', (_what, header, problem) => {
    expect(() => parseHeader('stock/take.lua', header)).toThrow(HeaderError);
    expect(() => parseHeader('stock/take.lua', header)).toThrow(problem);
  });
});

describe('the house rules', () => {
  it('accept a script that keeps them', () => {
    expect(problemsOf(BODY)).toEqual([]);
  });

  it.each([
    ['a key that is built', BODY.replace("'HINCRBY', stock", "'HINCRBY', 'stock:' .. sku"), 'not declared'],
    ['a key that is not declared', BODY.replace("'HINCRBY', stock", "'HINCRBY', KEYS[2]"), 'not declared'],
    ['a key from an argument', BODY.replace("'HINCRBY', stock", "'HINCRBY', ARGV[1]"), 'not declared'],
    ['the clock', `${BODY}local t = redis.call('TIME')`, 'reads the clock'],
    ['the system clock', `${BODY}local t = os.time()`, 'reads a clock'],
    ['randomness', `${BODY}local r = math.random()`, 'is random'],
    ['a random member', `${BODY}redis.call('SRANDMEMBER', stock)`, 'is random'],
    ['all keys', `${BODY}redis.call('SCAN', 0)`, 'beyond its keys'],
    ['swallowed errors', `${BODY}redis.pcall('GET', stock)`, 'swallows errors'],
    ['keys bound otherwise', BODY.replace('KEYS[1]', 'KEYS[2]'), 'has to bind'],
    ['arguments bound otherwise', BODY.replace('tonumber(ARGV[1])', 'ARGV[1]'), 'has to bind'],
    ['another row width', BODY.replace('2, 2', '2, 3'), 'has to bind'],
    ['rows bound in another order', BODY.replace('local sku, units', 'local units, sku'), 'has to bind'],
  ])('refuse %s', (_what, body, problem) => {
    expect(problemsOf(body).join('\n')).toContain(problem);
  });
});
