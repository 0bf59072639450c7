/** Reads what everybody can read of a draw: nothing here knows a database, a Redis or a secret. */
import { createReadStream } from 'node:fs';
import { Compile } from 'typebox/compile';
import { fromHex } from '../../contracts/draw/bytes.ts';
import { createEntrantListBuilder, type EntrantList } from '../../contracts/draw/entrant-list.ts';
import { EntrantLine, FairnessReport } from '../../contracts/draw/fairness.ts';

export interface PublicList {
  readonly list: EntrantList;
  readonly places: Uint32Array;
}

const reportForm = Compile(FairnessReport);
const lineForm = Compile(EntrantLine);

export async function readReport(url: string, dropId: string, entrant?: string): Promise<FairnessReport> {
  const query = entrant === undefined ? '' : `?entrant=${entrant}`;
  const response = await fetch(`${url}/api/v1/drops/${dropId}/fairness${query}`);
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`${response.url} answers ${response.status}: ${JSON.stringify(body)}`);
  if (!reportForm.Check(body)) throw new Error(`${response.url} answers something else than a fairness report`);
  return body;
}

/** The whole list, from the store or from a file that was downloaded before. */
export async function readList(
  source: { readonly url: string; readonly dropId: string; readonly file?: string },
  entrants: number,
): Promise<PublicList> {
  const input = source.file === undefined ? await download(source.url, source.dropId) : createReadStream(source.file);
  const builder = createEntrantListBuilder(entrants);
  const places = new Uint32Array(entrants);
  let at = 0;
  for await (const text of linesOf(input)) {
    if (text === '') continue;
    const line: unknown = JSON.parse(text);
    if (!lineForm.Check(line)) throw new Error(`line ${at + 1} of the list is no entrant: ${text.slice(0, 200)}`);
    builder.append(fromHex(line.entrantId), line.lane, Buffer.from(line.nonce));
    places[at] = line.place;
    at += 1;
  }
  return { list: builder.finish(), places };
}

async function download(url: string, dropId: string): Promise<AsyncIterable<Uint8Array>> {
  const response = await fetch(`${url}/api/v1/drops/${dropId}/fairness/entrants`);
  if (!response.ok || response.body === null) throw new Error(`${response.url} answers ${response.status}`);
  return response.body;
}

/** Split at line feeds only: readline also splits at U+2028, which a nonce may hold, and a line of JSON too. */
async function* linesOf(input: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const bytes of input) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest + decoder.decode();
}
