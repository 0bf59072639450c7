/** Knows again the latest of many names, in bounded memory: two generations, of which the older one is forgotten whole. */
export interface RecentNames {
  /** True the first time, as far as is remembered. */
  isNew(name: string): boolean;
}

export function createRecentNames(most: number): RecentNames {
  let young = new Set<string>();
  let old = new Set<string>();
  return {
    isNew(name) {
      if (young.has(name) || old.has(name)) return false;
      if (young.size >= most / 2) {
        old = young;
        young = new Set();
      }
      young.add(name);
      return true;
    },
  };
}
