/** Repeatable chance: the same for a seed and a number on every machine (mulberry32 over a mixed start). */
export interface Dice {
  /** From 0 up to, but not, 1. */
  roll(): number;
  whole(below: number): number;
  pick<T>(from: readonly T[]): T;
}

export function createDice(seed: number, number: number): Dice {
  let state = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) ^ Math.imul(number + 1, 0xc2b2_ae35);
  const roll = () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (below: number) => Math.floor(roll() * below);
  return {
    roll,
    whole,
    pick(from) {
      const found = from[whole(from.length)];
      if (found === undefined) throw new RangeError('Nothing to pick from.');
      return found;
    },
  };
}
