/** What docs/PROTOCOL.md says of each close code, for the document that programs read. */
import { CLOSE, mayReconnect } from '../../contracts/close-codes.ts';

type Name = keyof typeof CLOSE;

const TEXTS: Record<Name, string> = {
  DRAINING: 'This edge is being restarted; come back after a random moment.',
  RATE_LIMITED: 'Too much too fast; come back later.',
  SLOW_READER: 'Frames were not read fast enough.',
  IDLE: 'Nothing was said for too long, not even a ping.',
  INTERNAL: 'Something went wrong on our side.',
  BUSY: 'This edge has as many drops open as it can; come back later, or to another one.',
  BAD_MESSAGE: 'A frame was not understood.',
  TOO_LARGE: 'A frame was too large.',
  UNAUTHENTICATED: 'The access token is missing, expired or not ours; come back with a new one.',
  DROP_NOT_FOUND: 'There is no such drop.',
  UNKNOWN_REGION: 'There is no such region.',
  ENDED: 'The drop is over.',
};

export interface CloseCodeRow {
  readonly code: number;
  readonly name: string;
  readonly reconnect: boolean;
  readonly description: string;
}

export function closeCodeRows(): CloseCodeRow[] {
  return Object.entries(CLOSE).map(([name, code]) => ({
    ...{ code, name, reconnect: mayReconnect(code) },
    description: isName(name) ? TEXTS[name] : '',
  }));
}

function isName(name: string): name is Name {
  return Object.hasOwn(TEXTS, name);
}
