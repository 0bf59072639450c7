/** What an edge says about itself on its ops port. */
export interface Figures {
  readonly residentBytes: number;
  readonly frames: number;
  /** By code of the catalogue. */
  readonly refusals: number;
  readonly sockets: number;
}

export async function figuresOf(opsUrl: string): Promise<Figures> {
  const text = await (await fetch(`${opsUrl}/metrics`)).text();
  const sum = (name: string): number =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  return {
    residentBytes: sum('process_resident_memory_bytes'),
    frames: sum('dropgate_edge_frames_total'),
    refusals: sum('dropgate_edge_refusals_total'),
    sockets: sum('dropgate_edge_sockets'),
  };
}
