/** A connection of its own that listens to channels: a connection that listens can do nothing else. */
import { Cluster } from 'ioredis';
import type { Redis } from './redis.ts';

export interface RedisListenerOptions {
  readonly redis: Redis;
  /** As PSUBSCRIBE takes it. */
  readonly pattern: string;
  onMessage(channel: string, message: string): void;
  onError(error: unknown): void;
}

/** A connection that hears nothing is not told apart from one that is dead: so it asks for a sign of life. */
const PING_EVERY_MS = 2_000;

/** To the same server as `redis`. One that is not there now is listened to when it comes; what was said meanwhile is lost. */
export function listenToRedis(options: RedisListenerOptions): { close(): void } {
  const { redis, pattern, onMessage, onError } = options;
  const listener: Redis = redis instanceof Cluster ? redis.duplicate() : redis.duplicate({ autoResubscribe: false });
  listener.on('error', onError);
  listener.on('ready', () => {
    listener.psubscribe(pattern).catch(onError);
  });
  listener.on('pmessage', (_pattern: string, channel: string, message: string) => onMessage(channel, message));
  listener.connect().catch(onError);
  const pinging = setInterval(() => {
    if (listener.status === 'ready') listener.ping().catch(onError);
  }, PING_EVERY_MS);
  return {
    close() {
      clearInterval(pinging);
      listener.disconnect();
    },
  };
}
