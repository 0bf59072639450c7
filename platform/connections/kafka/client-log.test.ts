import { describe, expect, it } from 'vitest';
import { createLogger } from '../../logging/logger.ts';
import { type ClientLogEntry, createClientLog } from './client-log.ts';

function tellOf() {
  const lines: string[] = [];
  let nowMs = 0;
  const log = createLogger({ name: 'test', level: 'info', destination: { write: (line) => lines.push(line) } });
  const tell = createClientLog(log, { now: () => nowMs });
  const error = (message: string): ClientLogEntry => ({
    severity: 'error',
    namespace: 'Connection',
    message,
    fields: {},
  });
  return {
    lines,
    tell,
    error,
    pass(ms: number) {
      nowMs += ms;
    },
  };
}

describe('createClientLog', () => {
  it('tells the same trouble once in ten seconds', () => {
    const { lines, tell, error, pass } = tellOf();
    for (let i = 0; i < 50; i += 1) tell(error('connect ECONNREFUSED'));
    tell(error('another'));
    expect(lines).toHaveLength(2);
    pass(10_000);
    tell(error('connect ECONNREFUSED'));
    expect(lines).toHaveLength(3);
  });

  it('keeps what the library tells about itself for debugging', () => {
    const { lines, tell, error } = tellOf();
    tell({ ...error('Consumer has joined the group'), severity: 'info' });
    tell(error('Response InitProducerId(key: 22, version: 1)'));
    tell(error('Limiting retries for the idempotent producer may invalidate EoS guarantees'));
    expect(lines).toEqual([]);
  });
});
