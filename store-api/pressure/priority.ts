/**
 * Who is refused when there is too much to do: first those who look around, then everybody but those who are about to buy
 * or pay. What is refused is refused at once, before anything of it is read.
 */
import { Refusal } from '../plugins/problems.ts';
import { RUNNING_PATHS } from '../plugins/web.ts';
import type { StoreApp } from '../store-app.ts';
import type { LoadLevel, LoadMonitor } from './load.ts';

export type Priority = 'low' | 'normal' | 'critical';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long a route is served under pressure; unless given, by its address. */
    priority?: Priority;
  }
}

/** What is bought and paid, and what the operator needs to help. */
const CRITICAL =
  /^\/api\/v1\/(?:checkouts?|orders|payments|webhooks|admin\/flags)(?:\/|$)|^\/api\/v1\/cart\/[^/]+\/checkout$/;
/** Looking around, and files. */
const LOW =
  /^\/api\/v1\/(?:search|brands|categories|rates|drops|wishlist)(?:\/|$)|^\/api\/v1\/products$|\/(?:import|export)$/;

export function priorityOf(url: string, given: Priority | undefined): Priority {
  if (given !== undefined) return given;
  if (CRITICAL.test(url)) return 'critical';
  return LOW.test(url) ? 'low' : 'normal';
}

export function isRefused(priority: Priority, level: LoadLevel): boolean {
  if (level === 'critical') return priority !== 'critical';
  return level === 'overloaded' && priority === 'low';
}

export interface PressureMetrics {
  refused(priority: Priority): void;
}

export function installPriority(app: StoreApp, load: LoadMonitor, metrics: PressureMetrics): void {
  app.addHook('onRequest', async (request, reply) => {
    const { url, config } = request.routeOptions;
    if (RUNNING_PATHS.has(request.url) || isLasting(request.headers)) return;
    const priority = priorityOf(url ?? '', config.priority);
    if (isRefused(priority, load.level)) {
      metrics.refused(priority);
      throw new Refusal('BUSY', { detail: 'The store is overloaded. Buying and paying go on.' });
    }
    // Told when the answer is through, and when the client has gone before it was.
    reply.raw.once('close', load.begin());
  });
}

/** A socket or a stream stays open for hours, and is no work for most of it. */
function isLasting({
  upgrade,
  accept,
}: {
  readonly upgrade?: string | undefined;
  readonly accept?: string | undefined;
}): boolean {
  return upgrade !== undefined || accept === 'text/event-stream';
}
