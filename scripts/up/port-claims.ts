import { type PortOwner, whoListensOn } from '../servers/ports.ts';
import type { ServerName } from '../servers/server.ts';
import { type ProcessEntry, processesOf } from './processes.ts';
import type { RunRecord } from './run-records.ts';
import type { Settings, WholeConfig } from './settings.ts';

/** A port that this start is about to use. */
export interface PortClaim {
  /** The variable to change when the port is taken. */
  readonly variable: string;
  readonly port: number;
  /** For OPS_PORT + 1: how the port follows from the variable. */
  readonly offset: number;
}

export function portClaims(settings: Settings): readonly PortClaim[] {
  const { config, local, problems } = settings;
  const processes = processesOf(settings);
  // The edges share one port: it is claimed once.
  const shared = new Map(
    processes.flatMap((process) => servicePorts(process, config)).map((one) => [one.variable, one]),
  );
  const ours = [...shared.values(), ...processes.map((process) => opsPort(process, config))];
  const servers: readonly (PortClaim & { server: ServerName })[] = [
    { server: 'redis', variable: 'LOCAL_REDIS_PORT', port: config.LOCAL_REDIS_PORT, offset: 0 },
    { server: 'kafka', variable: 'LOCAL_KAFKA_PORT', port: config.LOCAL_KAFKA_PORT, offset: 0 },
    { server: 'kafka', variable: 'LOCAL_KAFKA_CONTROLLER_PORT', port: config.LOCAL_KAFKA_CONTROLLER_PORT, offset: 0 },
    { server: 'postgres', variable: 'LOCAL_POSTGRES_PORT', port: config.LOCAL_POSTGRES_PORT, offset: 0 },
  ];
  const wrong = new Set(problems.map(({ variable }) => variable));
  return [...ours, ...servers.filter(({ server }) => local.has(server))].filter(({ variable }) => !wrong.has(variable));
}

export function opsPort(process: ProcessEntry, config: Pick<WholeConfig, 'OPS_PORT'>): PortClaim {
  return { variable: 'OPS_PORT', port: config.OPS_PORT + process.opsOffset, offset: process.opsOffset };
}

function servicePorts(process: ProcessEntry, config: WholeConfig): readonly PortClaim[] {
  return process.ports.map((variable) => ({ variable, port: Number(config[variable]), offset: 0 }));
}

/** Ports that two of ours would want, or that do not exist. */
export function claimProblems(claims: readonly PortClaim[]): readonly string[] {
  const problems: string[] = [];
  const first = new Map<number, PortClaim>();
  for (const claim of claims) {
    const other = first.get(claim.port);
    if (claim.port > 65_535) problems.push(`${named(claim)} would be port ${claim.port}; choose a lower OPS_PORT`);
    else if (other !== undefined) problems.push(`${named(other)} and ${named(claim)} are both port ${claim.port}`);
    else first.set(claim.port, claim);
  }
  return problems;
}

/** Ports that somebody else holds, and who. `leftovers` are told about by name elsewhere. */
export async function takenPorts(
  claims: readonly PortClaim[],
  leftovers: readonly RunRecord[],
): Promise<readonly string[]> {
  const owners = await whoListensOn(claims.map(({ port }) => port));
  const known = new Set(leftovers.map(({ pid }) => pid));
  return claims.flatMap((claim) => {
    const strangers = (owners.get(claim.port) ?? []).filter(({ pid }) => pid === undefined || !known.has(pid));
    return strangers.map(
      (owner) =>
        `port ${claim.port} (${named(claim)}) is taken by ${whoIs(owner)}; end it, or set ${claim.variable} to another`,
    );
  });
}

function whoIs({ pid, command }: PortOwner): string {
  return pid === undefined ? command : `process ${pid} (${command})`;
}

function named({ variable, offset }: PortClaim): string {
  return offset === 0 ? variable : `${variable} + ${offset}`;
}
