/** What a language has to say: for each notice its words, from its values. Layout and escaping are not its business. */
import type { NoticeTemplate, NoticeValues } from '../../contracts/notices.ts';

export interface Link {
  readonly label: string;
  readonly url: string;
}

export interface Message {
  readonly subject: string;
  readonly heading: string;
  readonly paragraphs: readonly string[];
  /** Shown as a small table. */
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly action?: Link;
  /** Why the recipient gets this mail. */
  readonly footer: string;
}

/** Money and times in the way of the language. */
export interface Formats {
  money(minor: number, currency: string): string;
  /** In UTC, and saying so. */
  time(at: number): string;
}

export interface Wording {
  greeting(name: string): string;
  /** What the link to unsubscribe says. */
  readonly unsubscribe: string;
  readonly messages: {
    readonly [T in NoticeTemplate]: (values: NoticeValues<T>, formats: Formats) => Message;
  };
}
