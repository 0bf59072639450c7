/** Looks for figures, remembers where each was found, and collects what is missing: it is told once, all of it. */
import { againCommand, figureAt, type Reports, type Source } from './reports.ts';

/** A figure with where it comes from. */
export interface Cost {
  readonly value: number;
  readonly unit: string;
  readonly from: string;
}

export interface Seeker {
  /** The first of these paths that the report has. */
  seek(source: Source, unit: string, ...paths: readonly string[]): Cost;
  /** Undefined where none of the paths is there, and nothing is missing then. */
  peek(source: Source, unit: string, ...paths: readonly string[]): Cost | undefined;
  /** For what is there and cannot be used. */
  lack(problem: string): void;
  /** A sentence for each figure that was not found. */
  readonly missing: readonly string[];
}

export function createSeeker(reports: Reports): Seeker {
  const missing: string[] = [];
  function peek(source: Source, unit: string, ...paths: readonly string[]): Cost | undefined {
    for (const path of paths) {
      const value = figureAt(reports[source], path);
      if (value !== undefined) return { value, unit, from: `${source} ${path}` };
    }
    return undefined;
  }
  return {
    missing,
    peek,
    lack: (problem) => missing.push(problem),
    seek(source, unit, ...paths) {
      const found = peek(source, unit, ...paths);
      if (found !== undefined) return found;
      missing.push(`${source}.json has no ${paths[0]}; measure it anew: ${againCommand(source)}`);
      return { value: Number.NaN, unit, from: 'missing' };
    },
  };
}
