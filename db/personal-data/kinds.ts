/**
 * What each column of a table says about a person. The test beside db/personal-data.ts holds it against the real schema:
 * a column that is not listed, or is listed and not there, fails.
 */
export interface TableData {
  /** Columns by class, with spaces between. These say nothing about a person. */
  readonly none?: string;
  /** The id of a person: on its own, once the rest is gone, it says nothing about who that was. */
  readonly person?: string;
  /** Gone after an erasure. */
  readonly personal?: string;
  /** Hashes and tokens: in no export, gone after an erasure. */
  readonly secret?: string;
  /** About a person, and kept after an erasure for as long as a law demands; `because` says which. */
  readonly kept?: string;
  readonly because?: string;
  /** The part of the export (db/queries/privacy) that has the rows of a person, or why none has. */
  readonly exported?: string;
  readonly notExported?: string;
  /** The step of the erasure that takes them away, or why none has to. */
  readonly erased?: string;
  readonly notErased?: string;
}

export type TablesData = Readonly<Record<string, TableData>>;

export const BOOKKEEPING =
  'Tax and trade law: what was sold, paid and given back is kept for ten years, under an id that leads to nobody.';
export const INVOICED = 'Tax law: an invoice names who it was made out to. Kept until its ten years are over.';
