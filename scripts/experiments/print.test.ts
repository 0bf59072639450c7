import { describe, expect, it } from 'vitest';
import { reportOn } from '../../commerce/experiments/report.ts';
import { renderExperiment } from './print.ts';

const once = (arm: string, shoppers: number, clickers: number, buyers: number) => ({
  ...{ arm, shoppers, clickers, buyers },
  ...{ x: shoppers, y: clickers, xx: shoppers, xy: clickers, yy: clickers },
});
const arms = [{ name: 'control' }, { name: 'new' }];
const render = (sums: Parameters<typeof reportOn>[1]) =>
  renderExperiment({
    ...{ name: 'weights', state: 'running', report: reportOn(arms, sums) },
    revenue: [{ arm: 'new', currency: 'EUR', revenueMinor: 123_450 }],
  });

describe('the report of an experiment', () => {
  it('says per arm who was shown something, clicked and bought, and the lift with its interval', () => {
    const text = render([once('control', 40_000, 8_000, 2_000), once('new', 40_000, 8_400, 2_300)]);
    expect(text).toContain('control (control)');
    expect(text).toMatch(/new +40,000 +40,000 +8,400 +8,400 +2,300 +123,450 EUR minor/);
    expect(text).toMatch(/new +shoppers who bought +5\.75 % .* \+15\.00 % +\+8\.49 % to \+21\.90 % .* yes/);
    expect(text).toContain('Each arm has');
  });

  it('says that there are too few, and calls nothing significant', () => {
    const text = render([once('control', 100, 10, 5)]);
    expect(text).toContain('Not enough yet');
    expect(text).not.toMatch(/ yes$/m);
    expect(text).not.toMatch(/NaN|Infinity/);
  });
});
