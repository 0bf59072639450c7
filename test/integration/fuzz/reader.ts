/** Reads what the edge says: the head of its answer, then whole, unmasked frames. */
export interface Seen {
  head: string;
  texts: number;
  pongs: number;
  refusals: number;
  code: number | undefined;
}

export function createReader(): { readonly seen: Seen; read(chunk: Buffer): void } {
  const seen: Seen = { head: '', texts: 0, pongs: 0, refusals: 0, code: undefined };
  let rest: Buffer = Buffer.alloc(0);

  function takeHead(): boolean {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) return false;
    seen.head = rest.subarray(0, end).toString('latin1');
    rest = rest.subarray(end + 4);
    return true;
  }

  function takeFrame(): boolean {
    const { header, length } = measure(rest);
    if (rest.length < header + length) return false;
    note((rest[0] ?? 0) & 0x0f, rest.subarray(header, header + length));
    rest = rest.subarray(header + length);
    return true;
  }

  function note(opcode: number, payload: Buffer): void {
    if (opcode === 8) seen.code = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
    if (opcode !== 1) return;
    seen.texts += 1;
    if (payload.indexOf('{"t":"pong"') === 0) seen.pongs += 1;
    if (payload.indexOf('{"t":"refused"') === 0) seen.refusals += 1;
  }

  return {
    seen,
    read(chunk) {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      if (seen.head === '' && !takeHead()) return;
      while (seen.code === undefined && takeFrame());
    },
  };
}

/** A header that is not whole yet counts as longer than what is there. */
function measure(bytes: Buffer): { header: number; length: number } {
  const short = (bytes[1] ?? 0) & 0x7f;
  const header = { 126: 4, 127: 10 }[short] ?? 2;
  if (bytes.length < header || header === 2) return { header, length: short };
  return { header, length: header === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)) };
}
