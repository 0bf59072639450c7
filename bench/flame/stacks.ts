/** Profiles folded into one tree: each call below its caller, with the time that it and all below it took. */
import { type CallFrame, type CpuProfile, originOf, sampleTimes, type ThreadProfile } from './profile.ts';

export interface Frame {
  readonly name: string;
  readonly url: string;
  /** From 1; 0 where there is no source. */
  readonly line: number;
  selfUs: number;
  totalUs: number;
  readonly children: Map<string, Frame>;
}

/** From and to, in microseconds since the first thread was watched. */
export interface TimeWindow {
  readonly fromUs: number;
  readonly toUs: number;
}

const ROOT = '(root)';
const IDLE = '(idle)';
/** A thread of the pool that waits for its next task: it is blocked there, and V8 takes that for work. */
const WAITS = new Set(['atomicsWaitLoop']);
const MOST_DEPTH = 500;

export function newFrame(name: string, url = '', line = 0): Frame {
  return { name, url, line, selfUs: 0, totalUs: 0, children: new Map() };
}

/** One thread stands by itself; several stand side by side. */
export function foldThreads(threads: readonly ThreadProfile[], window?: TimeWindow): Frame {
  const all = newFrame('all');
  const originUs = originOf(threads);
  for (const { thread, profile } of threads) {
    const into =
      threads.length === 1 ? all : childOf(all, { functionName: `thread ${thread}`, url: '', lineNumber: -1 });
    fold({ profile, originUs }, into, window);
  }
  addUp(all);
  return all;
}

interface Folded {
  readonly profile: CpuProfile;
  readonly originUs: number;
}

function fold({ profile, originUs }: Folded, into: Frame, window: TimeWindow | undefined): void {
  const pathOf = pathsIn(profile);
  const times = sampleTimes(profile, originUs);
  for (const [at, node] of profile.samples.entries()) {
    const { atUs, us } = times[at] ?? { atUs: 0, us: 0 };
    if (window !== undefined && (atUs < window.fromUs || atUs >= window.toUs)) continue;
    let frame = into;
    const path = pathOf(node);
    if (waits(path.at(-1))) frame = childOf(frame, IDLE_CALL);
    else for (const callFrame of path) frame = childOf(frame, callFrame);
    frame.selfUs += us;
  }
}

const IDLE_CALL: CallFrame = { functionName: IDLE, url: '', lineNumber: -1 };

export function waits(call: CallFrame | undefined): boolean {
  return call !== undefined && (call.functionName === IDLE || WAITS.has(call.functionName));
}

/** Each node's way from the root, which itself is left out. */
function pathsIn({ nodes }: CpuProfile): (node: number) => readonly CallFrame[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const known = new Map<number, readonly CallFrame[]>();
  return (id) => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const path: CallFrame[] = [];
    let at: number | undefined = id;
    // A file that somebody else wrote may go round in circles.
    for (let depth = 0; at !== undefined && depth < MOST_DEPTH; depth += 1) {
      const frame: CallFrame | undefined = byId.get(at)?.callFrame;
      if (frame !== undefined && frame.functionName !== ROOT) path.push(frame);
      at = parents.get(at);
    }
    const found = path.reverse();
    known.set(id, found);
    return found;
  };
}

function childOf(frame: Frame, { functionName, url, lineNumber }: CallFrame): Frame {
  const key = `${functionName}\n${url}\n${lineNumber}`;
  const there = frame.children.get(key);
  if (there !== undefined) return there;
  const child = newFrame(functionName === '' ? '(anonymous)' : functionName, url, lineNumber + 1);
  frame.children.set(key, child);
  return child;
}

function addUp(frame: Frame): number {
  frame.totalUs = frame.selfUs;
  for (const child of frame.children.values()) frame.totalUs += addUp(child);
  return frame.totalUs;
}

/** What is left when nobody is at work is taken out, and told apart. */
export function withoutIdle(all: Frame): { readonly busy: Frame; readonly idleUs: number } {
  const busy = newFrame(all.name, all.url, all.line);
  let idleUs = 0;
  busy.selfUs = all.selfUs;
  for (const [key, child] of all.children) {
    if (child.name === IDLE) {
      idleUs += child.totalUs;
    } else if (child.name.startsWith('thread ')) {
      const inside = withoutIdle(child);
      idleUs += inside.idleUs;
      if (inside.busy.totalUs > 0) busy.children.set(key, inside.busy);
    } else {
      busy.children.set(key, child);
    }
  }
  busy.totalUs = busy.selfUs + [...busy.children.values()].reduce((sum, { totalUs }) => sum + totalUs, 0);
  return { busy, idleUs };
}
