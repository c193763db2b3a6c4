import type { Settings } from "./configuration.ts";

/** A case that is deployed, and what it is there to show. */
export interface Deployment {
  /** The folder of the case. */
  readonly name: string;
  readonly shows: string;
  /** Keys that the deployment sets in the place of the case's own. */
  readonly settings?: Settings;
  /** Services that a stand-in plays although the test registry has their image. */
  readonly standIns?: readonly string[];
}

/** Small applications of our own, which are always there. */
export const samples: readonly Deployment[] = [
  { name: "web", shows: "the simplest application: one web service, built, without shared services" },
  { name: "queue", shows: "no release: a worker without a port, its queue, and a job before both" },
];

/** The cases that are deployed, so that every kind of application is among them. */
export const deployments: readonly Deployment[] = [
  { name: "outline", shows: "no release, and a real database and cache on the loopback interface" },
  { name: "ac-django", shows: "no shared service, and one release service that is built" },
  {
    name: "n8n-worker",
    shows: "workers without a port, each with its runner, a database and a real cache",
    // The file leaves the password to the environment, and the case has none.
    settings: { secrets: secretsOf("POSTGRES_PASSWORD", "POSTGRES_NON_ROOT_PASSWORD", "RUNNERS_AUTH_TOKEN") },
  },
  { name: "directus", shows: "a database and uploads in folders that the file mounts" },
  {
    name: "airflow",
    shows: "a job before six services, which are all healthy, and folders that they share",
    // The case has a placeholder for the number of a user.
    settings: { variables: { AIRFLOW_UID: "50000" } },
  },
  { name: "penpot", shows: "seven services in a network of their own" },
];

function secretsOf(...names: readonly string[]): Settings {
  return Object.fromEntries(names.map((name) => [name, { secure: `v1:${name}` }]));
}
