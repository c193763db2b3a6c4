import { Buffer } from "node:buffer";
import type { Observation } from "../../../model/facts/observation.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { printPlan } from "../../../model/report/print-plan.ts";
import type { PrintedPlan } from "../../../model/report/printed-plan.ts";
import { aaperture, digest, lockedImage, migration, policy } from "../stack/aaperture.ts";
import { blindPlan, carriedOut, drifted, noPlain, wholePlan } from "../plan/applied-plan.ts";
import { observed } from "../facts/observed.ts";
import { at } from "../stack/port.ts";

const limits = { api: "sized by its own runtime", web: "sized by its own runtime" };
const applied = aaperture({
  migrations: [migration()],
  policy: policy([], { api: { limits: limits.api }, web: { limits: limits.web } }),
  variables: {
    POSTGRES_DB: "f3",
    STRIPE_SECRET_KEY: "f4",
    DOMAINNAME: "f2",
    POSTGRES_PASSWORD: "f1",
    SENTRY_DSN: "f5",
  },
});

/** A release with a new api, a changed secret, a changed file of prometheus, and a proxy with more memory. */
const wanted: Deployment = {
  ...withPrometheusFile(applied, "scrape_configs:\n  - job_name: api\n"),
  release: {
    version: "1.1.0",
    images: {
      api: digest("registry.test/api", "4"),
      web: digest("registry.test/web", "2"),
      migrate: digest("registry.test/api", "4"),
    },
  },
  lock: { ...applied.lock, "grafana/grafana:12": lockedImage("d") },
  proxy: { ...applied.proxy, memory: 256 * 1024 ** 2 },
  ports: { ...applied.ports, grafana: at(13002) },
  variables: { ...without(applied.variables, "SENTRY_DSN"), STRIPE_SECRET_KEY: "f6", VAPID_KEY: "f7" },
};

function without<Value>(map: Readonly<Record<string, Value>>, name: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => key !== name));
}

function withPrometheusFile(deployment: Deployment, content: string): Deployment {
  const { prometheus, ...others } = deployment.application.services;
  if (prometheus === undefined) throw new Error("there is no prometheus");
  const mounts = prometheus.mounts.map((mount) =>
    mount.type === "file"
      ? { ...mount, files: mount.files.map((file) => ({ ...file, content: Buffer.from(content) })) }
      : mount,
  );
  const services = { ...others, prometheus: { ...prometheus, mounts } };
  return { ...deployment, application: { ...deployment.application, services } };
}

const byHand: readonly [string, string, string][] = [
  ["aaperture-staging-postgres", "running", "exited (137)"],
  ["aaperture-staging-grafana variable GF_USERS_ALLOW_SIGN_UP", "the value that was applied", "another value"],
];
const remarks = [{ where: "/var/www/aaperture-staging/backup.sql", found: "a file that slipway did not write" }];

/** A database that is unhealthy, and a proxy that restarts: neither is a difference from what was applied. */
function unhealthy(found: Observation): Observation {
  const ill: Readonly<Record<string, object>> = { postgres: { health: "unhealthy" }, proxy: { state: "restarting" } };
  return { ...found, containers: found.containers.map((one) => ({ ...one, ...ill[one.service] })) };
}

/** Printed plans, by the name of the file that shows them. */
export const examples: Readonly<Record<string, () => PrintedPlan>> = {
  "empty-server": () => printPlan(wholePlan(applied, observed()), noPlain),
  "as-declared": () => printPlan(wholePlan(applied, carriedOut(applied)), noPlain),
  "new-release": () => printPlan(wholePlan(wanted, carriedOut(applied), "b"), noPlain),
  drift: () =>
    printPlan(wholePlan(applied, { ...drifted(carriedOut(applied), "shared", byHand), remarks }, "b"), noPlain),
  "not-well": () => printPlan(wholePlan(applied, unhealthy(carriedOut(applied))), noPlain),
  blind: () => printPlan(blindPlan(wanted, applied), noPlain),
};
