/** Which mails the mailbox refuses, for tests of what happens then. */
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { BOUNDS } from './bounds.ts';

const Refusal = Type.Object(
  {
    /** An address, or * for every one. */
    to: Type.String({ minLength: 1, maxLength: 254 }),
    /** 421 and 45x: for now; 55x: for good. */
    code: Type.Integer({ minimum: 400, maximum: 599 }),
    /** With the recipient's address, unless it says: once the whole mail was sent. */
    stage: Type.Optional(Type.Union([Type.Literal('recipient'), Type.Literal('message')])),
    /** For so many mails, then no more. */
    times: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);
export type Refusal = Static<typeof Refusal>;

const checker = Compile(Type.Array(Refusal, { maxItems: BOUNDS.refusals }));

export function readRefusals(value: unknown): readonly Refusal[] | undefined {
  return checker.Check(value) ? value : undefined;
}

export interface Refusals {
  /** In place of those before. */
  set(refusals: readonly Refusal[]): void;
  list(): readonly Refusal[];
  /** The code to refuse with; counts it. */
  refuse(stage: 'recipient' | 'message', to: readonly string[]): number | undefined;
}

export function createRefusals(): Refusals {
  let rules: readonly Refusal[] = [];
  return {
    set(refusals) {
      rules = refusals;
    },
    list: () => rules,
    refuse(stage, to) {
      const addresses = to.map((address) => address.toLowerCase());
      const found = rules.find(
        (rule) =>
          (rule.stage ?? 'recipient') === stage && (rule.to === '*' || addresses.includes(rule.to.toLowerCase())),
      );
      if (found?.times !== undefined) {
        const left = found.times - 1;
        rules = rules.flatMap((rule) => (rule !== found ? [rule] : left === 0 ? [] : [{ ...rule, times: left }]));
      }
      return found?.code;
    },
  };
}
