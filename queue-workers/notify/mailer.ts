/** The only file that knows nodemailer: one mail to one recipient, and what its failure means. */
import { createTransport } from 'nodemailer';
import { LIMITS } from '../../contracts/limits.ts';

export interface OutgoingMail {
  readonly to: string;
  /** Made from the event, so that a repeated mail is known as the same one. */
  readonly messageId: string;
  /** Of mails that come without an order: one click ends them (RFC 8058). */
  readonly unsubscribeUrl?: string | undefined;
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
    async send({ to, messageId, unsubscribeUrl, subject, text, html }) {
      try {
        await transport.sendMail({
          // As an object it is one address, whatever stands in it.
          to: { name: '', address: to },
          ...{ messageId, subject, text, html },
          // Answering machines stay silent.
          headers: { 'auto-submitted': 'auto-generated', ...unsubscribeHeaders(unsubscribeUrl) },
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

function unsubscribeHeaders(url: string | undefined): Readonly<Record<string, string>> {
  if (url === undefined) return {};
  return { 'list-unsubscribe': `<${url}>`, 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' };
}

/** Failures that the next mail would meet as well. */
const OF_THE_SERVER: ReadonlySet<unknown> = new Set([
  ...['ECONNECTION', 'ETIMEDOUT', 'ESOCKET', 'EDNS', 'ETLS', 'EREQUIRETLS', 'EPROTOCOL', 'EPROXY', 'EABORT'],
  ...['EAUTH', 'ENOAUTH', 'EOAUTH2', 'ECONFIG'],
]);
const CLOSING = 421;
const BAD_SEQUENCE = 503;
const TOO_LARGE = 552;

/**
 * Only an answer to the recipient or to the message itself speaks of this mail. No connection, a failed login or a refused
 * sender would meet the next mail as well. What nobody foresaw is `later`: tried again, but not for ever. What the server
 * says is not passed on: it may name the recipient's address.
 */
export function failureOf(error: unknown): Sent {
  const code = field(error, 'code');
  const command = field(error, 'command');
  const status = field(error, 'responseCode');
  if (typeof status === 'number' && (code === 'EENVELOPE' || code === 'EMESSAGE')) {
    const reason = `${status}${enhancedStatus(field(error, 'response'))} at ${String(command)}`;
    if (status === CLOSING || status === BAD_SEQUENCE) return refusal('down', reason);
    if (command === 'MAIL FROM' && status !== TOO_LARGE) return refusal('down', reason);
    return refusal(status >= 500 ? 'refused' : 'later', reason);
  }
  // Found before anything was sent.
  if (code === 'EENVELOPE') return refusal('refused', 'the address is malformed');
  if (code === 'EMESSAGE') return refusal('refused', 'the message cannot be sent as it is');
  const words = [code, status, command].filter((word) => typeof word === 'string' || typeof word === 'number');
  const reason = words.length === 0 ? 'failed without a code' : words.join(' ');
  return refusal(OF_THE_SERVER.has(code) ? 'down' : 'later', reason);
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
