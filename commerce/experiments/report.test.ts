import { describe, expect, it } from 'vitest';
import { type ArmSums, reportOn } from './report.ts';

const arms = [{ name: 'control' }, { name: 'new' }];

/** Shoppers who saw one list each. */
const once = (arm: string, shoppers: number, clickers: number, buyers: number): ArmSums => ({
  ...{ arm, shoppers, clickers, buyers },
  ...{ x: shoppers, y: clickers, xx: shoppers, xy: clickers, yy: clickers },
});

describe('the report of an experiment', () => {
  it('says how much better an arm does, and between which bounds', () => {
    const { arms: rows, isEnough } = reportOn(arms, [
      once('control', 40_000, 8_000, 2_000),
      once('new', 40_000, 8_400, 2_300),
    ]);
    expect(isEnough).toBe(true);
    const [control, better] = rows;
    expect(control).toMatchObject({ isControl: true, buyers: { rate: 0.05, difference: null, lift: null } });
    expect(better?.buyers).toMatchObject({ rate: 0.0575, isSignificant: true });
    expect(better?.buyers.lift).toBeCloseTo(0.15, 6);
    // 1.15 · exp(± 1.96 · √(1/2300 + 1/2000 − 2/40000)) − 1
    expect(better?.buyers.liftInterval?.low).toBeCloseTo(0.0849, 3);
    expect(better?.buyers.liftInterval?.high).toBeCloseTo(0.219, 3);
    expect(better?.clickers.isSignificant).toBe(true);
    // Who saw one list each are independent tries: the delta method says what Newcombe does.
    const [naive, delta] = [better?.clickers.difference, better?.clicksPerList.difference];
    expect(delta?.low).toBeCloseTo(naive?.low ?? 0, 4);
    expect(delta?.high).toBeCloseTo(naive?.high ?? 0, 4);
  });

  it('calls nothing significant before there are enough shoppers, however large it looks', () => {
    const {
      arms: rows,
      isEnough,
      sampleNeeded,
    } = reportOn(arms, [once('control', 500, 50, 25), once('new', 500, 200, 100)]);
    expect(isEnough).toBe(false);
    expect(sampleNeeded).toBeGreaterThan(30_000);
    expect(rows[1]?.buyers).toMatchObject({ lift: 3, isSignificant: false });
    expect(rows[1]?.buyers.difference?.low).toBeGreaterThan(0);
  });

  it('asks for more where several arms are compared, and has words for arms without anything', () => {
    const three = reportOn([...arms, { name: 'third' }], [once('control', 50_000, 5_000, 2_500)]);
    const two = reportOn(arms, [once('control', 50_000, 5_000, 2_500)]);
    expect(three.sampleNeeded).toBeGreaterThan(two.sampleNeeded);
    expect(three.arms.map(({ shoppers }) => shoppers)).toEqual([50_000, 0, 0]);
    expect(three.arms[1]?.buyers).toMatchObject({ rate: 0, liftInterval: null, isSignificant: false });
    expect(three.arms[1]?.clicksPerList).toMatchObject({ rate: 0, liftInterval: null, isSignificant: false });
    expect(reportOn(arms, []).isEnough).toBe(false);
  });
});
