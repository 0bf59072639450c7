/** The best of many, in bounded memory: a heap with the worst of them on top. Ties go to the smaller index. */
export interface BestList {
  readonly most: number;
  /** What has to be beaten to get in; minus infinity until the list is full. */
  bar(): number;
  offer(index: number, score: number): void;
  /** Writes them, the best one first, and is empty after it. Says how many there were. */
  takeInto(indexes: Uint32Array, scores: Float32Array, at: number): number;
  take(): readonly (readonly [number, number])[];
}

export function createBestList(most: number): BestList {
  const indexes = new Uint32Array(most);
  const scores = new Float64Array(most);
  let size = 0;

  const isWorse = (a: number, b: number): boolean => {
    const [ofA, ofB] = [scores[a] ?? 0, scores[b] ?? 0];
    return ofA < ofB || (ofA === ofB && (indexes[a] ?? 0) > (indexes[b] ?? 0));
  };
  const swap = (a: number, b: number): void => {
    const [index, score] = [indexes[a] ?? 0, scores[a] ?? 0];
    indexes[a] = indexes[b] ?? 0;
    scores[a] = scores[b] ?? 0;
    indexes[b] = index;
    scores[b] = score;
  };
  function sink(): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      let worst = at;
      if (left < size && isWorse(left, worst)) worst = left;
      if (left + 1 < size && isWorse(left + 1, worst)) worst = left + 1;
      if (worst === at) return;
      swap(at, worst);
      at = worst;
    }
  }
  function rise(): void {
    let at = size - 1;
    while (at > 0) {
      const above = (at - 1) >>> 1;
      if (!isWorse(at, above)) return;
      swap(at, above);
      at = above;
    }
  }

  function takeInto(intoIndexes: Uint32Array, intoScores: Float32Array, at: number): number {
    const count = size;
    for (let to = at + count - 1; to >= at; to -= 1) {
      intoIndexes[to] = indexes[0] ?? 0;
      intoScores[to] = scores[0] ?? 0;
      size -= 1;
      swap(0, size);
      sink();
    }
    return count;
  }

  return {
    most,
    bar: () => (size < most ? Number.NEGATIVE_INFINITY : (scores[0] ?? 0)),
    offer(index, score) {
      if (size < most) {
        indexes[size] = index;
        scores[size] = score;
        size += 1;
        rise();
        return;
      }
      const worst = scores[0] ?? 0;
      if (score < worst || (score === worst && index > (indexes[0] ?? 0))) return;
      indexes[0] = index;
      scores[0] = score;
      sink();
    },
    takeInto,
    take() {
      const taken = { indexes: new Uint32Array(size), scores: new Float32Array(size) };
      const count = takeInto(taken.indexes, taken.scores, 0);
      return Array.from({ length: count }, (_, at) => [taken.indexes[at] ?? 0, taken.scores[at] ?? 0] as const);
    },
  };
}
