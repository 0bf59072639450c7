import { describe, expect, it } from 'vitest';
import { readAnswer } from './connection.ts';

const WHOLE = 'HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}';

describe('an answer over HTTP', () => {
  it('is read once it is whole', () => {
    for (let cut = 0; cut < WHOLE.length; cut += 1) expect(readAnswer(WHOLE.slice(0, cut))).toBeUndefined();
    expect(readAnswer(WHOLE)).toEqual({ status: 409, body: '{}' });
  });

  it('has no body where it tells no length', () => {
    expect(readAnswer('HTTP/1.1 204 No Content\r\ndate: today\r\n\r\n')).toEqual({ status: 204, body: '' });
  });

  it('may not come in chunks', () => {
    expect(() => readAnswer('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n')).toThrow('chunks');
  });
});
