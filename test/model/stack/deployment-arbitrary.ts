import fc from "fast-check";
import type { Mount, Service } from "../../../model/compose/application.ts";
import type { Deployment, PortSettings } from "../../../model/stack/deployment.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { startedAfterRelease } from "../../../model/stack/start/order.ts";
import { deployment, digest, migration, service, stackFile } from "./aaperture.ts";
import { hostOf } from "./main-host.ts";
import { at, tcp } from "./port.ts";

const names = ["api", "web", "worker", "postgres", "redis", "nginx", "metrics", "a.b", "a_b", "A1"];

const one = fc.record({
  release: fc.boolean(),
  data: fc.boolean(),
  target: fc.option(fc.constantFrom(80, 3000, 8080, 8081, 9001, 9002, 9003, 65535), { nil: undefined }),
  published: fc.boolean(),
  mounted: fc.boolean(),
  calls: fc.subarray(names),
});

const described = fc
  .subarray(names, { minLength: 1 })
  .chain((chosen) => fc.tuple(...chosen.map((name) => fc.tuple(fc.constant(name), one))));

/** Any deployment without problems. */
export const anyDeployment: fc.Arbitrary<Deployment> = described.map((list) => {
  const services = list.map(([name, { target, mounted, calls }]) =>
    service(name, {
      image: digest(name.toLowerCase(), "1"),
      ports: target === undefined ? [] : [tcp(target)],
      mounts: mounted
        ? [{ type: "volume", source: `${name}-data`, target: "/var/lib/postgresql/data", readOnly: false }]
        : [],
      dependsOn: Object.fromEntries(
        calls
          // Without circles: a service waits for those alone whose names come before its own.
          .filter((other) => names.indexOf(other) < names.indexOf(name))
          .map((other) => [other, { condition: "service_started", required: true }]),
      ),
    }),
  );
  const settings = list.map(([name, { release, data, mounted }]) => {
    return [name, { release, data: data && mounted ? { volume: `${name}-data` } : undefined }] as const;
  });
  const open = list.filter(([, { target }]) => target !== undefined);
  const ports = open.map(([name, { published }], index): [string, PortSettings] => {
    return [name, published ? at(20000 + index) : { only: "none" }];
  });
  const release = {
    version: "1.0.0",
    images: Object.fromEntries(names.map((name) => [name, digest(name.toLowerCase(), "1")])),
  };
  return inOrder(deployment(services, Object.fromEntries(settings), { ports: Object.fromEntries(ports), release }));
});

/** The same deployment in which the release waits for nothing that starts after it. */
function inOrder(any: Deployment): Deployment {
  const after = startedAfterRelease(stackOf(any).services);
  const services = Object.values(any.application.services).map((one): Service => {
    const isKept = (needed: string): boolean => any.services[one.name]?.release !== true || !after.has(needed);
    const dependsOn = Object.fromEntries(Object.entries(one.dependsOn).filter(([needed]) => isKept(needed)));
    return { ...one, dependsOn };
  });
  return {
    ...any,
    application: { ...any.application, services: Object.fromEntries(services.map((one) => [one.name, one])) },
  };
}

const hasPart = (release: boolean) => (any: Deployment) =>
  Object.values(any.services).some((settings) => settings.release === release);

/** Any deployment without problems that has a release. */
export const anyRelease = anyDeployment.filter(hasPart(true));

/** Any deployment without problems that has a release, and shared services that start before it. */
export const anyTwoParts = anyRelease.filter((any) => hostOf(any).parts.before !== undefined);

/** Few runs, since rendering is slow on a busy machine and nearly every deployment shows a mistake in the networks. */
export const fewRuns = { numRuns: 25 };

const file = { path: "etc/settings.yml", content: new TextEncoder().encode("debug: false\n"), executable: false };
const mounts: readonly Mount[] = [
  { type: "file", source: "etc/settings.yml", target: "/etc/settings.yml", readOnly: true, files: [file] },
  { type: "secret", name: "token", variable: "TOKEN", uid: "1000", target: "/run/secrets/token" },
  { type: "host", source: "/etc/localtime", target: "/etc/localtime", readOnly: true },
  { type: "tmpfs", target: "/tmp" },
];
const fields: readonly Service["fields"][] = [
  {},
  { command: ["run", "${MODE}"], environment: { MODE: "${MODE}", COST: "5$$" } },
  { deploy: { resources: { limits: { memory: "64m", cpus: "0.5" } } }, user: "1000" },
];

const added = fc.record({
  mounts: fc.subarray([...mounts]),
  fields: fc.constantFrom(...fields),
  envFiles: fc.subarray([stackFile]),
  restart: fc.constantFrom(undefined, "always", "no"),
  memory: fc.option(
    fc.constantFrom(64, 128).map((size) => size * 1024 ** 2),
    { nil: undefined },
  ),
  health: fc.option(fc.constant({ path: "/health" }), { nil: undefined }),
  drop: fc.subarray(["/tmp", "/etc/settings.yml"]),
});

/** A deployment whose services have files, secrets, variables, limits and health paths, perhaps with a migration. */
export const anyFullDeployment: fc.Arbitrary<Deployment> = fc
  .tuple(anyDeployment, fc.array(added, { minLength: names.length, maxLength: names.length }), fc.boolean())
  .map(([plain, additions, migrates]) => {
    const additionOf = (name: string): (typeof additions)[number] | undefined => additions[names.indexOf(name)];
    const services = Object.values(plain.application.services).map((one): Service => {
      const { mounts = [], fields = {}, envFiles = [], restart } = additionOf(one.name) ?? {};
      const variables = "command" in fields ? ["MODE"] : [];
      return { ...one, mounts: [...one.mounts, ...mounts], fields, envFiles, restart, variables };
    });
    const settings = Object.entries(plain.services).map(([name, one]) => {
      const { memory, health, drop = [] } = additionOf(name) ?? {};
      return [name, { ...one, memory, health, drop }] as const;
    });
    return {
      ...plain,
      application: { ...plain.application, services: Object.fromEntries(services.map((one) => [one.name, one])) },
      services: Object.fromEntries(settings),
      migrations: migrates ? [migration({ image: digest("registry.test/migrate", "3") })] : [],
      variables: { MODE: "f1", TOKEN: "f2", OTHER: "f3" },
    };
  });
