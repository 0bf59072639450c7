import { describe, expect, it } from 'vitest';
import { createLogger, type LogLevel } from './logger.ts';
import { REDACTED } from './redaction.ts';

function logged(level: LogLevel = 'trace') {
  const lines: string[] = [];
  const log = createLogger({ name: 'edge', level, destination: { write: (line) => lines.push(line) } });
  const last = (): unknown => JSON.parse(lines.at(-1) ?? 'null');
  return { log, lines, last };
}

describe('createLogger', () => {
  it('writes one JSON line with time, level, process and message', () => {
    const { log, lines, last } = logged();
    log.info({ sku: 'A' }, 'sold %d of %s', 2, 'A');
    expect(lines).toHaveLength(1);
    expect(last()).toMatchObject({ level: 'info', process: 'edge', sku: 'A', msg: 'sold 2 of A' });
    expect(last()).toHaveProperty('time', expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/));
  });

  it('writes nothing below its level', () => {
    const { log, lines } = logged('warn');
    log.info('not this');
    log.child({ part: 'x' }).info('nor this');
    expect(lines).toEqual([]);
  });

  it('hides what is private wherever it comes in', () => {
    const { log, lines } = logged();
    const error = new Error('no such user jo@shop.example with password=hunter2');
    log.info({ headers: { authorization: 'Bearer hunter2' } }, 'fields');
    log.info('message with Bearer hunter2');
    log.info('interpolated %s and %j', 'Bearer hunter2', { token: 'hunter2' });
    log.error(error);
    log.error({ err: error });
    log.error({ err: error, password: 'hunter2' }, 'with a message');
    log.error('interpolated %o', error);
    log.child({ token: 'hunter2', dropId: 'd1' }).info('child');
    log.child({ a: 1 }).child({ pass: 'hunter2' }).info('grandchild');
    log.child({ err: error }).warn({ cause: error }, 'child with an error');
    log.info([{ email: 'jo@shop.example' }], 'a list');
    expect(lines).toHaveLength(11);
    expect(lines.join('')).not.toMatch(/hunter2|jo@shop/);
    expect(lines[7]).toContain(`"token":"${REDACTED}","dropId":"d1"`);
  });

  it('logs an error with its stack and its causes, once', () => {
    const { log, last } = logged();
    log.error(new Error('outer', { cause: new Error('inner') }));
    expect(last()).toMatchObject({
      msg: 'outer',
      err: { message: 'outer', stack: expect.stringContaining('logger.test.ts'), cause: { message: 'inner' } },
    });
  });

  it('never throws for what it is given', () => {
    const { log, lines } = logged();
    const odd: unknown[] = [null, undefined, 12n, Symbol('x'), Object.create(null), new Proxy({}, {}), () => 1];
    for (const value of odd) log.info({ value }, 'odd');
    expect(lines).toHaveLength(odd.length);
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
  });
});
