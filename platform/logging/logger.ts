import {
  type Bindings,
  type ChildLoggerOptions,
  destination,
  type Logger as PinoLogger,
  pino,
  stdTimeFunctions,
} from 'pino';
import { maskText, redactError, redactFields } from './redaction.ts';

export type Logger = PinoLogger;
export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

export interface LoggerOptions {
  /** The process: it stands in every line as `process`. */
  readonly name: string;
  readonly level: LogLevel;
  /** Standard output unless given. */
  readonly destination?: { write(line: string): void };
}

/** JSON lines. Nothing private leaves through it: not in fields, not in messages, not in errors and their causes. */
export function createLogger({ name, level, destination: given }: LoggerOptions): Logger {
  const logger = pino(
    {
      level,
      base: { process: name, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // What is logged is a copy made by `redacted`; pino's own serializer would look for an error in it again.
      serializers: { err: (value: unknown) => value },
      hooks: {
        logMethod(args, method) {
          const safe: unknown[] = redacted(args);
          Reflect.apply(method, this, safe);
        },
      },
    },
    // Written at once: a process that is killed, or exits, has said everything, and in its order.
    given ?? destination({ dest: 1, sync: true }),
  );
  const child = logger.child;
  return Object.assign(logger, {
    // Bindings become text when a child is made, before any hook sees them.
    child(this: Logger, bindings: Bindings, options?: ChildLoggerOptions): Logger {
      return Reflect.apply(child, this, [redactFields(bindings), ...(options === undefined ? [] : [options])]);
    },
  });
}

/** The arguments of one call of the log: fields first or an error, then the message and what it interpolates. */
function redacted(args: readonly unknown[]): unknown[] {
  const [first, ...rest] = args;
  if (typeof first !== 'object' || first === null) return args.map(asText);
  const texts = rest.map(asText);
  const error = first instanceof Error ? first : Reflect.get(first, 'err');
  const fields = first instanceof Error ? { err: redactError(first) } : redactFields(first);
  // Without a message pino would take that of the error, unmasked.
  if (texts.length === 0 && error instanceof Error) texts.push(maskText(error.message));
  return [fields, ...texts];
}

function asText(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  return value instanceof Error ? redactError(value) : redactValue(value);
}

function redactValue(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? redactFields(value) : value;
}
