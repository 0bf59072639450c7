/** Makes of anything a small copy that can be logged: without what is private, without end neither deep nor wide. */
import { PLATFORM_LIMITS } from '../limits.ts';
import { isPrivate } from './private-keys.ts';
import { maskText, REDACTED } from './private-text.ts';

export { maskText, REDACTED } from './private-text.ts';

type Fields = Record<string, unknown>;

interface Walk {
  nodes: number;
  readonly path: Set<object>;
}

/** The fields of an error that say what happened. Others (rows, arguments, requests) may carry anybody's data. */
const ERROR_FIELDS = ['code', 'retryable', 'errno', 'syscall', 'port', 'severity', 'schema', 'table', 'constraint'];
const KAFKA_FIELDS = ['type', 'broker', 'retriable', 'retryCount'];

export function redact(value: unknown): unknown {
  return copy(value, { nodes: 0, path: new Set() });
}

/** Like redact, for what is an object and stays one. */
export function redactFields(fields: object): Fields {
  const copied = redact(fields);
  return isFields(copied) ? copied : { value: copied };
}

export function redactError(error: unknown): unknown {
  return error instanceof Error ? copyError(error, { nodes: 0, path: new Set() }, 0) : redact(error);
}

function copy(value: unknown, walk: Walk): unknown {
  switch (typeof value) {
    case 'string':
      return maskText(value);
    case 'bigint':
      return value.toString();
    case 'function':
      return '[function]';
    case 'symbol':
      return '[symbol]';
    case 'object':
      return value === null ? null : copyObject(value, walk);
    default:
      return value;
  }
}

function copyObject(value: object, walk: Walk): unknown {
  if (walk.path.has(value)) return '[circular]';
  if (walk.path.size >= PLATFORM_LIMITS.logDepth) return '[deep]';
  walk.nodes += 1;
  if (walk.nodes > PLATFORM_LIMITS.logNodes) return '[more]';
  walk.path.add(value);
  try {
    return copyByKind(value, walk);
  } catch {
    // A getter or a proxy that throws must not take the log line, or the process, with it.
    return '[unreadable]';
  } finally {
    walk.path.delete(value);
  }
}

function copyByKind(value: object, walk: Walk): unknown {
  if (value instanceof Error) return copyError(value, walk, 0);
  if (Array.isArray(value)) return copyItems(value, value.length, walk);
  if (value instanceof Set) return copyItems(value, value.size, walk);
  if (value instanceof Map) return copyFields(value.entries(), walk);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[no date]' : value.toISOString();
  if (value instanceof URL) return maskText(value.href);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return copyFields(Object.entries(value), walk);
  // A request, a socket, a connection: whatever it holds, its name is enough.
  return `[${value.constructor?.name || 'object'}]`;
}

function copyItems(items: Iterable<unknown>, total: number, walk: Walk): unknown[] {
  const copied: unknown[] = [];
  for (const item of items) {
    if (copied.length === PLATFORM_LIMITS.logItems) {
      copied.push(`[${total - PLATFORM_LIMITS.logItems} more]`);
      break;
    }
    copied.push(copy(item, walk));
  }
  return copied;
}

function copyFields(entries: Iterable<readonly [unknown, unknown]>, walk: Walk): Fields {
  const copied: [string, unknown][] = [];
  for (const [key, value] of entries) {
    if (copied.length === PLATFORM_LIMITS.logItems) {
      copied.push(['…', '[more]']);
      break;
    }
    const name = typeof key === 'string' ? key : `[${typeof key}]`;
    copied.push([maskText(name, 100), value !== undefined && isPrivate(name, value) ? REDACTED : copy(value, walk)]);
  }
  // From entries, as an assignment to a key named __proto__ would do something else.
  return Object.fromEntries(copied);
}

function copyError(error: Error, walk: Walk, causes: number): Fields {
  const copied: Fields = { type: error.name, message: maskText(String(error.message)) };
  for (const field of [...ERROR_FIELDS, ...KAFKA_FIELDS]) {
    const value: unknown = Reflect.get(error, field);
    if (typeof value === 'string') copied[field === 'type' ? 'kafka' : field] = maskText(value, 200);
    else if (typeof value === 'number' || typeof value === 'boolean') copied[field] = value;
  }
  if (typeof error.stack === 'string') copied['stack'] = maskText(error.stack, PLATFORM_LIMITS.logStackChars);
  if (causes >= PLATFORM_LIMITS.logCauses) return copied;
  if (error.cause instanceof Error) copied['cause'] = copyError(error.cause, walk, causes + 1);
  else if (error.cause !== undefined) copied['cause'] = copy(error.cause, walk);
  if (error instanceof AggregateError) {
    copied['errors'] = error.errors
      .slice(0, PLATFORM_LIMITS.logCauses)
      .map((inner: unknown) => (inner instanceof Error ? copyError(inner, walk, causes + 1) : copy(inner, walk)));
  }
  return copied;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
