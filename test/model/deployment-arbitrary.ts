import fc from "fast-check";
import type { Deployment } from "../../model/deployment.ts";
import { deployment, digest, service } from "./aaperture.ts";

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

/** Any deployment that has no problems. */
export const anyDeployment: fc.Arbitrary<Deployment> = described.map((list) => {
  const services = list.map(([name, { target, mounted, calls }]) =>
    service(name, {
      ports: target === undefined ? [] : [{ target, protocol: "tcp", variable: undefined }],
      mounts: mounted
        ? [{ type: "volume", source: `${name}-data`, target: "/var/lib/postgresql/data", readOnly: false }]
        : [],
      dependsOn: Object.fromEntries(
        calls
          .filter((other) => other !== name)
          .map((other) => [other, { condition: "service_started", required: true }]),
      ),
    }),
  );
  const settings = list.map(([name, { release, data, mounted }]) => {
    return [name, { release, data: data && mounted ? { volume: `${name}-data` } : undefined }] as const;
  });
  const published = list.filter(([, { published, target }]) => published && target !== undefined);
  const ports = published.map(([name], index) => [name, { address: "127.0.0.1", port: 20000 + index }] as const);
  const release = {
    version: "1.0.0",
    images: Object.fromEntries(names.map((name) => [name, digest(name.toLowerCase(), "1")])),
  };
  return deployment(services, Object.fromEntries(settings), { ports: Object.fromEntries(ports), release });
});

/** Rendering takes its time on a busy machine; a mistake in the networks shows in nearly every deployment. */
export const fewRuns = { numRuns: 25 };
