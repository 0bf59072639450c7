import { describe, expect, it } from 'vitest';
import { passedOver, SCENARIOS } from './scenarios.ts';

const NONE = { doctored: false, slowedMs: 0, sockets: undefined };

describe('options that are not for all scenarios', () => {
  it('are passed over nowhere where none is given', () => {
    expect(SCENARIOS.map(({ name }) => passedOver(name, NONE))).toEqual(SCENARIOS.map(() => undefined));
  });

  it.each([
    ['edge', { slowedMs: 1 }, undefined],
    ['orders', { slowedMs: 1 }, '--slowed changes nothing of orders: it is for core, edge.'],
    ['line', { sockets: 4_000 }, undefined],
    ['core', { sockets: 4_000 }, '--sockets changes nothing of core: it is for line, sale.'],
    ['store', { doctored: true }, undefined],
    ['limits', { doctored: true }, '--doctored changes nothing of limits: it is for core, edge, line,'],
  ])('of %s: %o', (scenario, given, problem) => {
    const told = passedOver(scenario, { ...NONE, ...given });
    if (problem === undefined) expect(told).toBeUndefined();
    else expect(told).toContain(problem);
  });
});
