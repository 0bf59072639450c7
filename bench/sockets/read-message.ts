/** A JSON message of the other side, as far as anybody can know before looking into it. */
export type Message = Readonly<Record<string, unknown>>;

export function readMessage(text: string): Message {
  const value: unknown = JSON.parse(text);
  if (isMessage(value)) return value;
  throw new Error(`Not a message: ${text.slice(0, 100)}`);
}

export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function textIn(message: Message, field: string): string {
  const value = message[field];
  return typeof value === 'string' ? value : '';
}

export function numberIn(message: Message, field: string): number | undefined {
  const value = message[field];
  return typeof value === 'number' ? value : undefined;
}
