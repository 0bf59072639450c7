/** A value that exists from beforeAll to afterAll: read outside of a test or hook, it says so. */
export class FromBeforeAll<T> {
  readonly #what: string;
  #value: { readonly is: T } | undefined;

  constructor(what: string) {
    this.#what = what;
  }

  get value(): T {
    if (this.#value === undefined) throw new Error(`${this.#what} is there inside tests and hooks only`);
    return this.#value.is;
  }

  set(value: T): void {
    this.#value = { is: value };
  }

  /** For afterAll, which also runs when beforeAll failed. */
  get valueIfThere(): T | undefined {
    return this.#value?.is;
  }
}
