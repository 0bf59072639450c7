/** The only file that knows nodemailer: one mail to one recipient, and what its failure means. */
import { createTransport } from 'nodemailer';
import { LIMITS } from '../../contracts/limits.ts';

export interface OutgoingMail {
  readonly to: string;
  /** Made from the event, so that a repeated mail is known as the same one. */
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export type Sent =
  | { readonly ok: true }
  /** `refused`: this mail, for good. `later`: this mail, for now. `down`: the mail server takes none. */
  | { readonly ok: false; readonly failure: 'refused' | 'later' | 'down'; readonly reason: string };

export interface Mailer {
  send(mail: OutgoingMail): Promise<Sent>;
  close(): void;
}

export interface MailerOptions {
  readonly url: string;
  readonly from: string;
  readonly connections: number;
  readonly deadlineMs?: number;
}

/** A server closes connections that are idle for some minutes; ours go first, so that no mail meets a closed one. */
const IDLE_MS = 30_000;
const CONNECT_MS = 5_000;

export function createMailer({ url, from, connections, deadlineMs = LIMITS.mailDeadlineMs }: MailerOptions): Mailer {
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: connections,
      // A repetition is decided by whoever knows whether the mail was recorded, never inside the pool.
      maxRequeues: 0,
      idleTimeout: IDLE_MS,
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketTimeout: deadlineMs,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  return {
    async send({ to, messageId, subject, text, html }) {
      try {
        await transport.sendMail({
          // As an object it is one address, whatever stands in it.
          to: { name: '', address: to },
          ...{ messageId, subject, text, html },
          // Answering machines stay silent.
          headers: { 'auto-submitted': 'auto-generated' },
          signal: AbortSignal.timeout(deadlineMs),
        });
        return { ok: true };
      } catch (error) {
        return failureOf(error);
      }
    },
    close: () => transport.close(),
  };
}

/**
 * Only an answer to the recipient or to the message itself speaks of this mail. Everything else (no connection, a failed
 * login, a refused sender, 421) would meet the next mail as well. What the server says is not passed on: it may name the
 * recipient's address.
 */
export function failureOf(error: unknown): Sent {
  const code = field(error, 'code');
  const command = field(error, 'command');
  const status = field(error, 'responseCode');
  if (code === 'EENVELOPE' && command === 'API') return refusal('refused', 'the address is malformed');
  const ofThisMail = (code === 'EENVELOPE' || code === 'EMESSAGE') && (command === 'RCPT TO' || command === 'DATA');
  if (ofThisMail && typeof status === 'number' && status !== 421 && status !== 503) {
    const where = `${status}${enhancedStatus(field(error, 'response'))} at ${command}`;
    if (status >= 500) return refusal('refused', where);
    if (status >= 400) return refusal('later', where);
  }
  const words = [code, status, command].filter((word) => typeof word === 'string' || typeof word === 'number');
  return refusal('down', words.length === 0 ? 'failed without a code' : words.join(' '));
}

function refusal(failure: 'refused' | 'later' | 'down', reason: string): Sent {
  return { ok: false, failure, reason };
}

/** ` 5.1.1` of `550 5.1.1 …`. */
function enhancedStatus(response: unknown): string {
  const found = typeof response === 'string' ? /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})\b/.exec(response)?.[1] : undefined;
  return found === undefined ? '' : ` ${found}`;
}

function field(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;
}
