/** What has a service, and needs others. */
interface Dependent {
  readonly service: string;
  readonly needs: readonly string[];
}

/** Groups in which each thing comes after everything that it needs. Things that need each other are in the last one. */
export function inWaves<One extends Dependent>(all: readonly One[]): One[][] {
  const waves: One[][] = [];
  let left = all;
  while (left.length > 0) {
    const open = new Set(left.map(({ service }) => service));
    const free = left.filter(({ service, needs }) => needs.every((need) => need === service || !open.has(need)));
    const wave = free.length === 0 ? left : free;
    waves.push([...wave]);
    left = left.filter((one) => !wave.includes(one));
  }
  return waves;
}

/** The services that a container needs, as Compose notes it: `db:service_healthy:false,cache:service_started:true`. */
export function neededServices(label: string | undefined): string[] {
  return (label ?? "").split(",").flatMap((text) => text.split(":")[0]?.trim() || []);
}
