import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bareOf, directionOf } from './direction.ts';
import { parseReport } from './report-file.ts';

const BASELINES = join(import.meta.dirname, '..', 'baselines');

function numbersOf(file: string): string[] {
  const read = parseReport(readFileSync(join(BASELINES, file), 'utf8'), file);
  if (read.kind === 'unusable') throw new Error(read.problem);
  const { metrics, limits, ratios } = read.report;
  return Object.entries({ metrics, limits, ratios }).flatMap(([group, figures]) =>
    Object.entries(figures)
      .filter(([, figure]) => typeof figure === 'number')
      .map(([name]) => `${group}.${name}`),
  );
}

describe('whether more of a figure is better', () => {
  it.each(readdirSync(BASELINES).filter((name) => name.endsWith('.json')))('is known of all in %s', (file) => {
    // A name that is missing here belongs into direction.ts, as neutral if need be.
    expect(numbersOf(file).filter((path) => directionOf(path) === undefined)).toEqual([]);
  });

  it.each([
    ['metrics.claimsPerSecond', 'more'],
    ['metrics.claimsPerSecondAt2MsFsync', 'more'],
    ['limits.bareClaimsPerSecond', 'more'],
    ['limits.bareP99MsAtHalf', 'less'],
    ['metrics.edgeUsPerDecision', 'less'],
    ['metrics.bytesPerSocket', 'less'],
    ['metrics.etaWithin', 'more'],
    ['ratios.p99AtHalf', 'more'],
    ['metrics.edgeCores', 'neutral'],
    ['limits.bareSpread', 'neutral'],
    ['metrics.joinRetries', 'neutral'],
    ['metrics.arrivalsPerSecond', 'neutral'],
    ['metrics.tutorialDecisionsPerSecond', 'neutral'],
    ['metrics.generatorUsPerClaim', 'less'],
    ['metrics.generatorUsPerJoin', 'neutral'],
    ['metrics.oursDecisionsPerSecond', 'more'],
    ['metrics.soldOutLies', 'neutral'],
    ['settings.seconds', 'neutral'],
    ['metrics.anythingElse', undefined],
  ])('%s: %s', (path, direction) => {
    expect(directionOf(path)).toBe(direction);
  });

  it('knows the bare part of a figure by its name', () => {
    expect(bareOf('metrics.claimsPerSecond')).toBe('limits.bareClaimsPerSecond');
    expect(bareOf('ratios.claims')).toBeUndefined();
  });
});
