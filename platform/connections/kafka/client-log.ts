import type { Clock } from '../../clock.ts';
import type { Logger } from '../../logging/logger.ts';

export interface ClientLogEntry {
  readonly severity: 'error' | 'warn' | 'info' | 'debug';
  readonly namespace: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const QUIET_MS = 10_000;
const KEPT_MESSAGES = 100;

/** Said of every producer that is not to retry for ever; this one is replaced when its retries are used up. */
const NOT_FOR_US = 'Limiting retries for the idempotent producer may invalidate EoS guarantees';

/** The client library tells every try of every connection: here the same trouble is told once in ten seconds. */
export function createClientLog(log: Logger, clock: Clock): (entry: ClientLogEntry) => void {
  const lastToldMs = new Map<string, number>();

  function isNews(key: string): boolean {
    const last = lastToldMs.get(key);
    if (last !== undefined && clock.now() - last < QUIET_MS) return false;
    if (lastToldMs.size >= KEPT_MESSAGES) lastToldMs.clear();
    lastToldMs.set(key, clock.now());
    return true;
  }

  return ({ severity, namespace, message, fields }) => {
    if (message === NOT_FOR_US) return;
    const { broker, groupId, error } = fields;
    const told = { kafka: namespace, broker, groupId, error };
    // What matters (lost, back, cannot be handled) is told by this room itself; the library's view comes second. A refusal
    // in an answer is either tried again ("coordinator is loading") or thrown to whoever asked.
    const refusal = message.startsWith('Response ');
    if (severity === 'error' && !refusal && isNews(`${namespace} ${message}`)) log.warn(told, message);
    else log.debug({ ...told, severity }, message);
  };
}
