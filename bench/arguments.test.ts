import { describe, expect, it } from 'vitest';
import { readArguments } from './arguments.ts';

describe('the arguments', () => {
  it('name a scenario, and the rest has defaults', () => {
    expect(readArguments(['core'])).toEqual({
      kind: 'run',
      scenario: 'core',
      options: { seconds: 5, rounds: 3, jsonFile: undefined, quick: false, doctored: false, sockets: undefined },
    });
  });

  it('take seconds and a file, wherever they stand', () => {
    expect(readArguments(['--seconds', '0.5', 'core', '--json', 'out.json', '--quick'])).toMatchObject({
      scenario: 'core',
      options: { seconds: 0.5, jsonFile: 'out.json', quick: true },
    });
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
    { args: ['line', '--sockets', 'many'], problem: '--sockets' },
    { args: ['line', '--sockets', '2000000'], problem: '--sockets' },
    { args: ['core', '--fast'], problem: '--fast' },
    { args: ['core', '--json'], problem: '--json' },
  ])('are refused with the reason: $args', ({ args, problem }) => {
    const asked = readArguments(args);
    expect(asked.kind === 'wrong' && asked.problem).toContain(problem);
  });
});
