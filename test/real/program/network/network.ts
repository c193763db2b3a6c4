import { onTestFinished } from "vitest";
import { bodySchemas, type Body } from "../../../../model/document/bodies.ts";
import type { DocumentMap } from "../../../../model/document/document.ts";
import { docker } from "../docker.ts";

/**
 * Bodies of networks, each with a range of its own from `10.<first>.0.0` on, since the engine of this machine is that
 * of all tests.
 */
export function networksFrom(first: number): (entries: DocumentMap) => Body<"networks"> {
  let ranges = first;
  return (entries) => {
    const range = `10.${ranges}.0.0/16`;
    ranges += 1;
    return bodySchemas.networks.parse({ range, networks: entries });
  };
}

/** A network whose subnet slipway chooses. */
export const chosen = { prefix: "26" };

/** The subnet of a network, its gateway and the range of its containers, as `docker network inspect` formats them. */
export const subnet = "{{range .IPAM.Config}}{{.Subnet}} {{.Gateway}} {{.IPRange}}{{end}}";

export function inspect(name: string, format: string): string {
  return docker("network", "inspect", "--format", format, name);
}

/** Networks that go with the test. */
export function leaves(...names: string[]): void {
  onTestFinished(() => {
    for (const name of names) removeNetwork(name);
  });
}

export function removeNetwork(name: string): void {
  const there = docker("network", "ls", "--quiet", "--filter", `name=^${name}$`);
  if (there !== "") docker("network", "rm", there);
}
