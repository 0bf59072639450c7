/** Seeded randomness (mulberry32): a run that found something can be run again. */
export interface Random {
  /** 0 ≤ x < 1 */
  fraction(): number;
  below(limit: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  bytes(length: number): Buffer;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(fraction() * limit);
  return {
    fraction,
    below,
    pick: (choices) => choices[below(choices.length)] ?? choices[0],
    bytes(length) {
      const made = Buffer.allocUnsafe(length);
      for (let at = 0; at < length; at += 1) made[at] = below(256);
      return made;
    },
  };
}
