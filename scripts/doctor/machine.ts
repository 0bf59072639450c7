import { readFile, statfs } from 'node:fs/promises';
import { freemem } from 'node:os';
import { dirname, join } from 'node:path';
import { choosePackages, installCommands } from '../up/apt.ts';
import { findMissing, javaVersion, type Needs } from '../up/requirements.ts';
import { type Finding, messageOf } from './finding.ts';

const OLDEST_NODE = 22;
const GIB = 1024 ** 3;
const ENOUGH_DISK_BYTES = 2 * GIB;
const ENOUGH_MEMORY_BYTES = 1.5 * GIB;
/** A socket is a file; an edge with many waiting shoppers needs one for each. */
const ENOUGH_FILES = 20_000;
const FEWEST_FILES = 1_024;

/** What is there before anything of Dropgate runs: Node, packages, programs, limits, room. */
export async function machineFindings(root: string, dataDir: string, needs: Needs): Promise<readonly Finding[]> {
  const found = [
    checkNode(),
    checkPackages(root),
    checkPrograms(needs),
    checkFiles(),
    checkDisk(dataDir),
    checkMemory(),
  ];
  return Promise.all(found);
}

async function checkNode(): Promise<Finding> {
  const detail = `${process.versions.node} (${process.execPath})`;
  if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) return { name: 'node', status: 'ok', detail };
  return { name: 'node', status: 'missing', detail, mend: `npm install brings Node ${OLDEST_NODE}` };
}

async function checkPackages(root: string): Promise<Finding> {
  const name = 'packages';
  try {
    const wanted = dependenciesOf(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
    const wrong = await Promise.all(wanted.map((dependency) => whatIsWrong(root, dependency)));
    const named = wrong.filter((problem) => problem !== undefined);
    if (named.length === 0) return { name, status: 'ok', detail: `${wanted.length} installed as package.json says` };
    return { name, status: 'missing', detail: named.slice(0, 5).join(', '), mend: 'npm install' };
  } catch (error) {
    return { name, status: 'missing', detail: messageOf(error), mend: 'npm install' };
  }
}

interface Dependency {
  readonly name: string;
  readonly version: string;
}

function dependenciesOf(manifest: unknown): readonly Dependency[] {
  if (typeof manifest !== 'object' || manifest === null || !('dependencies' in manifest)) return [];
  // An alias is written npm:REAL-NAME@VERSION.
  return Object.entries(manifest.dependencies ?? {}).map(([name, range]) => ({
    name,
    version: String(range).replace(/^npm:.*@/, ''),
  }));
}

async function whatIsWrong(root: string, { name, version }: Dependency): Promise<string | undefined> {
  const text = await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return `${name} is not installed`;
  const manifest: unknown = JSON.parse(text);
  const installed = typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : '';
  return installed === version ? undefined : `${name} is ${String(installed)} instead of ${version}`;
}

async function checkPrograms(needs: Needs): Promise<Finding> {
  const name = 'programs';
  const missing = await findMissing(needs);
  if (missing.length > 0) {
    const detail = missing.map(({ what, because }) => `${what} (${because})`).join('; ');
    const commands = installCommands(await choosePackages(missing)).join(' && ');
    return {
      name,
      status: 'missing',
      detail,
      mend: needs.isRoot ? `npm start installs them, or ${commands}` : commands,
    };
  }
  const java = needs.local.has('kafka') ? `, Java ${await javaVersion()}` : '';
  return { name, status: 'ok', detail: `all that npm start needs${java}` };
}

async function checkFiles(): Promise<Finding> {
  const name = 'open files';
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1];
  if (soft === undefined) return { name, status: 'note', detail: 'the limit is not known' };
  const files = soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
  const detail = `${soft} for each process`;
  if (files >= ENOUGH_FILES) return { name, status: 'ok', detail };
  const mend = `ulimit -n ${ENOUGH_FILES} before npm start; each waiting shopper is an open file of an edge`;
  return { name, status: files < FEWEST_FILES ? 'missing' : 'note', detail, mend };
}

async function checkDisk(dataDir: string): Promise<Finding> {
  const name = 'disk';
  const free = await freeBytes(dataDir);
  const detail = `${(free / GIB).toFixed(1)} GiB free for ${dataDir}`;
  if (free >= ENOUGH_DISK_BYTES) return { name, status: 'ok', detail };
  return { name, status: 'missing', detail, mend: 'make room, or set DATA_DIR to a folder on another disk' };
}

/** Of the folder, or of the nearest one above it while it is not there yet. */
async function freeBytes(folder: string): Promise<number> {
  const found = await statfs(folder).catch(() => undefined);
  if (found !== undefined) return found.bavail * found.bsize;
  const above = dirname(folder);
  return above === folder ? 0 : freeBytes(above);
}

async function checkMemory(): Promise<Finding> {
  const free = await availableMemory();
  const detail = `${(free / GIB).toFixed(1)} GiB available`;
  if (free >= ENOUGH_MEMORY_BYTES) return { name: 'memory', status: 'ok', detail };
  return { name: 'memory', status: 'note', detail, mend: 'Kafka alone may take 0.7 GiB; end what is not needed' };
}

async function availableMemory(): Promise<number> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kib = /^MemAvailable:\s+(\d+) kB/m.exec(text)?.[1];
  return kib === undefined ? freemem() : Number(kib) * 1024;
}
