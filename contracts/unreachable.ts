/** Where every case was handled: the compiler refuses a new case that was forgotten, and a lie to the compiler is a bug. */
export function unreachable(value: never): never {
  throw new Error(`A case was not handled: ${JSON.stringify(value)}`);
}
