/** The mails that were caught last, newest first. */
import PostalMime from 'postal-mime';
import { BOUNDS } from './bounds.ts';

export interface Mail {
  readonly id: string;
  readonly at: number;
  readonly from: string;
  /** Whom the envelope names. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly messageId: string;
  readonly text: string;
  readonly html: string;
  readonly headers: readonly { readonly key: string; readonly value: string }[];
  readonly bytes: number;
}

export interface Caught {
  readonly at: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: Buffer;
}

export interface Box {
  add(caught: Caught): Promise<Mail>;
  list(to?: string): readonly Mail[];
  find(id: string): Mail | undefined;
  clear(): void;
}

export function createBox(bounds: { mails: number; keptBytes: number } = BOUNDS): Box {
  let mails: readonly Mail[] = [];
  let count = 0;
  return {
    async add({ at, from, to, raw }) {
      const parsed = await PostalMime.parse(raw);
      count += 1;
      const mail: Mail = {
        ...{ id: String(count), at, from, to, bytes: raw.length },
        subject: parsed.subject ?? '',
        messageId: parsed.messageId ?? '',
        text: parsed.text ?? '',
        html: parsed.html ?? '',
        headers: parsed.headers.map(({ key, value }) => ({ key, value })),
      };
      mails = within([mail, ...mails], bounds);
      return mail;
    },
    list(to) {
      if (to === undefined) return mails;
      const wanted = to.toLowerCase();
      return mails.filter((mail) => mail.to.some((address) => address.toLowerCase() === wanted));
    },
    find: (id) => mails.find((mail) => mail.id === id),
    clear() {
      mails = [];
    },
  };
}

function within(mails: readonly Mail[], bounds: { mails: number; keptBytes: number }): Mail[] {
  let bytes = 0;
  return mails.slice(0, bounds.mails).filter((mail) => {
    bytes += mail.bytes;
    return bytes <= bounds.keptBytes;
  });
}
