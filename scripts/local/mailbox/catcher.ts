/** The mail server: takes every mail, delivers none. */
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { Clock } from '../../../platform/clock.ts';
import type { Logger } from '../../../platform/logging/logger.ts';
import { BOUNDS } from './bounds.ts';
import type { Box } from './box.ts';
import type { Refusals } from './refusals.ts';

const HOST = '127.0.0.1';

export interface Catcher {
  readonly port: number;
  close(): Promise<void>;
}

export interface CatcherOptions {
  readonly port: number;
  readonly box: Box;
  readonly refusals: Refusals;
  readonly clock: Clock;
  readonly log: Logger;
}

export async function startCatcher({ port, box, refusals, clock, log }: CatcherOptions): Promise<Catcher> {
  async function take(stream: SMTPServerDataStream, { envelope }: SMTPServerSession): Promise<void> {
    const raw = await readAll(stream);
    const to = envelope.rcptTo.map(({ address }) => address);
    const code = refusals.refuse('message', to);
    if (code !== undefined) throw refusal(code);
    if (raw === undefined) throw refusal(552, 'the message is too large');
    await box.add({ at: clock.now(), from: envelope.mailFrom === false ? '' : envelope.mailFrom.address, to, raw });
  }

  const server = new SMTPServer({
    // Loopback, and mails that go nowhere: there is nothing that TLS or a login would protect.
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: BOUNDS.mailBytes,
    maxClients: BOUNDS.connections,
    closeTimeout: 500,
    logger: false,
    onRcptTo({ address }, { envelope }, done) {
      const code = envelope.rcptTo.length >= BOUNDS.recipients ? 452 : refusals.refuse('recipient', [address]);
      done(code === undefined ? null : refusal(code));
    },
    onData(stream, session, done) {
      take(stream, session).then(
        () => done(),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      );
    },
  });
  server.on('error', (error) => log.debug({ err: error }, 'an SMTP connection failed'));
  const bound = await new Promise<number>((resolve, reject) => {
    server.server.once('error', (cause) =>
      reject(new Error(`the mailbox cannot listen on ${HOST}:${port} (LOCAL_SMTP_PORT)`, { cause })),
    );
    server.listen(port, HOST, () => {
      const address = server.server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
  return { port: bound, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Nothing when there is more than may be; the rest is read and dropped, as the sender listens only after its end. */
async function readAll(stream: SMTPServerDataStream): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    bytes += chunk.length;
    if (bytes <= BOUNDS.mailBytes) chunks.push(chunk);
  }
  return bytes <= BOUNDS.mailBytes ? Buffer.concat(chunks) : undefined;
}

function refusal(code: number, message = 'refused as it was asked to'): Error {
  return Object.assign(new Error(message), { responseCode: code });
}
