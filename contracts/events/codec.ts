/** Events as they travel through Kafka: JSON text, checked against the schema of their topic and version when read. */
import { Compile } from 'typebox/compile';
import { LIMITS } from '../limits.ts';
import type { Topic } from '../topics.ts';
import { type DropgateEvent, EVENT_SCHEMAS, type EventOf } from './registry.ts';

export type DecodedEvent<T> =
  | { readonly ok: true; readonly event: T }
  | { readonly ok: false; readonly problem: EventProblem; readonly reason: string };

export type EventProblem = 'TOO_LARGE' | 'NOT_JSON' | 'WRONG_TYPE' | 'UNKNOWN_VERSION' | 'WRONG_SHAPE';

interface Checker {
  Check(value: unknown): value is DropgateEvent;
}

const checkers = new Map<string, Checker>();
for (const schema of EVENT_SCHEMAS) {
  const compiled = Compile(schema);
  checkers.set(versionKey(schema.properties.type.const, schema.properties.v.const), {
    Check: (value): value is DropgateEvent => compiled.Check(value),
  });
}

export function encodeEvent(event: DropgateEvent): string {
  return JSON.stringify(event);
}

/** Reads what should be an event of the given type; what it is not is said, so that a dead letter can carry the reason. */
export function decodeEvent<T extends DropgateEvent['type']>(type: T, text: string): DecodedEvent<EventOf<T>> {
  if (text.length > LIMITS.eventBytes) return refuse('TOO_LARGE', `more than ${LIMITS.eventBytes} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('NOT_JSON', 'the text is not JSON');
  }
  const head = headOf(value);
  if (head?.type !== type) return refuse('WRONG_TYPE', `expected ${type}, got ${describe(head?.type)}`);
  const checker = checkers.get(versionKey(type, head.v));
  if (checker === undefined) return refuse('UNKNOWN_VERSION', `${type} has no version ${describe(head.v)}`);
  if (!checker.Check(value)) return refuse('WRONG_SHAPE', `not the shape of ${type} version ${describe(head.v)}`);
  return isOfType(value, type) ? { ok: true, event: value } : refuse('WRONG_TYPE', `expected ${type}`);
}

export function knownVersions(type: Topic): number[] {
  return EVENT_SCHEMAS.filter((schema) => schema.properties.type.const === type).map(
    (schema) => schema.properties.v.const,
  );
}

function isOfType<T extends DropgateEvent['type']>(event: DropgateEvent, type: T): event is EventOf<T> {
  return event.type === type;
}

function headOf(value: unknown): { type: unknown; v: unknown } | undefined {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('v' in value)) return undefined;
  return { type: value.type, v: value.v };
}

function versionKey(type: unknown, version: unknown): string {
  return `${String(type)}@${String(version)}`;
}

function describe(value: unknown): string {
  return String(value).slice(0, 40);
}

function refuse(problem: EventProblem, reason: string): { ok: false; problem: EventProblem; reason: string } {
  return { ok: false, problem, reason };
}
