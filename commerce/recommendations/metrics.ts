/** How good a list of recommendations was, by what its shopper really did afterwards. */

/** How many of the wanted are among the first k, of as many as could be there. */
export function recallAt<Id>(k: number, list: readonly Id[], wanted: ReadonlySet<Id>): number {
  if (wanted.size === 0) return 0;
  return list.slice(0, k).filter((id) => wanted.has(id)).length / Math.min(k, wanted.size);
}

/** The same, and the earlier the better: against a list that begins with all of the wanted. */
export function ndcgAt<Id>(k: number, list: readonly Id[], wanted: ReadonlySet<Id>): number {
  const gain = (place: number) => 1 / Math.log2(place + 2);
  let [sum, ideal] = [0, 0];
  for (const [place, id] of list.slice(0, k).entries()) if (wanted.has(id)) sum += gain(place);
  for (let place = 0; place < Math.min(k, wanted.size); place += 1) ideal += gain(place);
  return ideal === 0 ? 0 : sum / ideal;
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 1) sum += values[at] ?? 0;
  return values.length === 0 ? 0 : sum / values.length;
}

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The mean with its 95 % interval, by drawing the shoppers again and again out of themselves. */
export function bootstrap(values: ArrayLike<number>, rounds: number, roll: () => number): Interval {
  const means = Float64Array.from({ length: rounds }, () => {
    let sum = 0;
    for (let at = 0; at < values.length; at += 1) sum += values[Math.floor(roll() * values.length)] ?? 0;
    return values.length === 0 ? 0 : sum / values.length;
  }).sort();
  const at = (share: number) => means[Math.min(rounds - 1, Math.floor(share * rounds))] ?? 0;
  return { mean: mean(values), low: at(0.025), high: at(0.975) };
}
