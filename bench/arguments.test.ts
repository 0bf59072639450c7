import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

describe('the arguments', () => {
  it('name a scenario, and the rest has defaults', () => {
    expect(readArguments(['core'])).toEqual({
      kind: 'run',
      scenario: 'core',
      options: {
        ...{ seconds: undefined, rounds: 3, quick: false, doctored: false, slowedMs: 0, sockets: undefined },
        ...{ jsonFile: undefined, htmlFile: undefined, compareFile: undefined, failOnWorse: false },
      },
    });
  });

  it('take seconds and a file, wherever they stand', () => {
    expect(readArguments(['--seconds', '0.5', 'core', '--json', 'out.json', '--quick'])).toMatchObject({
      scenario: 'core',
      options: { seconds: 0.5, jsonFile: 'out.json', quick: true },
    });
  });

  it('measure once when it has to be quick, unless told otherwise', () => {
    expect(readArguments(['core', '--quick'])).toMatchObject({ options: { rounds: 1 } });
    expect(readArguments(['core', '--quick', '--runs', '4'])).toMatchObject({ options: { rounds: 4 } });
  });

  it('may ask for what needs no run', () => {
    expect(readArguments(['compare', 'a.json', 'b.json', '--fail-on-worse'])).toMatchObject({
      ...{ kind: 'compare', options: { before: 'a.json', after: 'b.json', failOnWorse: true } },
    });
    expect(readArguments(['goals', '--markdown'])).toEqual({
      kind: 'goals',
      options: { from: undefined, markdown: true },
    });
    expect(readArguments(['page', 'a.json'])).toMatchObject({ kind: 'page', options: { file: 'a.json' } });
  });

  it.each([['--help'], ['-h'], ['core', '--help']])('ask for help: %s', (...args) => {
    expect(readArguments(args)).toEqual({ kind: 'help' });
  });

  it.each([
    { args: [], problem: 'Name a scenario' },
    { args: ['core', 'edge'], problem: 'edge is one too many' },
    { args: ['core', '--seconds', 'soon'], problem: '--seconds' },
    { args: ['core', '--seconds', '0'], problem: '--seconds' },
    { args: ['core', '--seconds', '100000'], problem: '--seconds' },
    { args: ['core', '--slowed', '-1'], problem: '--slowed' },
    { args: ['line', '--sockets', 'many'], problem: '--sockets' },
    { args: ['line', '--sockets', '2000000'], problem: '--sockets' },
    { args: ['core', '--fast'], problem: '--fast' },
    { args: ['core', '--json'], problem: '--json' },
    { args: ['core', '--runs', '0'], problem: '--runs' },
    { args: ['core', '--runs', '1.5'], problem: '--runs' },
    { args: ['core', '--fail-on-worse'], problem: 'worse than what' },
    { args: ['compare', 'a.json'], problem: 'two reports' },
    { args: ['compare', 'a.json', 'b.json', '--quick'], problem: '--quick' },
    { args: ['goals', 'core'], problem: '--from' },
    { args: ['page'], problem: 'one report' },
  ])('are refused with the reason: $args', ({ args, problem }) => {
    const asked = readArguments(args);
    expect(asked.kind === 'wrong' && asked.problem).toContain(problem);
  });
});
