/**
 * A part of an export is one query, and a step of an erasure a list of statements; $1 is the id of the person in each, and
 * there are no other parameters. Each capability has its own file of them here; index.ts puts them together.
 */
export interface ExportPart {
  /** The name of its list in the file. */
  readonly name: string;
  /** A row is an object in that list. Names as a person reads them, amounts in minor units. */
  readonly text: string;
}

export interface EraseStep {
  readonly name: string;
  /**
   * In one transaction, each again without harm: a step is repeated after a crash, and once more when the last access
   * token of the person has expired. A statement touches no row that has nothing more to lose, so that its count is true.
   */
  readonly statements: readonly string[];
}
