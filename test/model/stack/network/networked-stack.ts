import type { Deployment } from "../../../../model/stack/deployment.ts";
import { stackProblems } from "../../../../model/plan/rules.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import type { Service } from "../../../../model/compose/application.ts";
import type { Network } from "../../../../model/compose/network/network.ts";
import { describeProblem } from "../../../../model/problem.ts";
import { deployment, digest, service } from "../aaperture.ts";
import { mainOf } from "../main-host.ts";

/** The services of a stack by name, with the networks of its file. Each listens on port 80. */
export interface Given {
  readonly shared?: Readonly<Record<string, Partial<Service>>>;
  readonly released?: Readonly<Record<string, Partial<Service>>>;
  readonly networks?: Readonly<Record<string, Network>>;
  readonly also?: Partial<Deployment>;
}

/** A service's place in a network, without anything else. */
export const here = { aliases: [], fields: {} };

/** A network that others made. */
export const theirs: Network = { name: "the-public", external: true };

/** The deployment of these services. */
export function given({ shared = {}, released = {}, networks = {}, also = {} }: Given): Deployment {
  const services = Object.entries({ ...shared, ...released }).map(([name, one]) => {
    return service(name, { exposed: [{ first: 80, last: 80 }], ...one });
  });
  const settings = Object.fromEntries(Object.keys(released).map((name) => [name, { release: true }]));
  const images = Object.fromEntries(services.map(({ name }) => [name, digest(`registry.test/${name}`, "1")]));
  const plain = deployment(services, settings, { release: { version: "1", images }, ...also });
  return { ...plain, application: { ...plain.application, networks } };
}

/** The names of the networks that are made for them. */
export function made(asked: Given): string[] {
  return mainOf(stackOf(given(asked)).hosts).networks.map(({ name, internal }) =>
    internal ? `${name} internal` : name,
  );
}

/** The problems that forbid their stack. */
export function problems(asked: Given): string[] {
  return stackProblems(stackOf(given(asked))).map(describeProblem);
}
