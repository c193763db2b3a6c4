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
  {
    name: "queue",
    shows: "no release and no published port: a worker, its queue in a network without a way out, and a job before",
  },
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
  {
    name: "ac-react-java-mysql",
    shows: "a release of two services and a database in two networks, of which no one has all three, and a secret",
  },
  {
    name: "hx-immich",
    shows: "a network without a way out, one that others own, and data in folders of the server",
  },
  {
    name: "dockprom",
    shows: "services in the network of the server itself",
    settings: {
      compose: "docker-compose.exporters.yml",
      services: {},
      ports: {},
    },
  },
  {
    name: "micro-releasejob",
    shows: "a job of the release before its web service, a migration, and a database",
    // The file gives the database no password, without which the real one does not start.
    standIns: ["db"],
  },
  {
    name: "micro-edge",
    shows: "a nginx of the team's own with 80 and 443 after the release, and a job before a worker",
  },
  { name: "ac-pihole-cloudflared-DoH", shows: "ports of TCP and UDP, fixed addresses, and folders of the server" },
  { name: "temporal", shows: "two databases, a service that waits for both, and one that waits for it" },
];

function secretsOf(...names: readonly string[]): Settings {
  return Object.fromEntries(names.map((name) => [name, { secure: `v1:${name}` }]));
}
