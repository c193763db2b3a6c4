import { z } from "zod";
import { count, seconds } from "./body-values.ts";
import { join, network } from "./network-bodies.ts";
import { entryPoint, job, releaseService, service } from "./service-bodies.ts";
import { buildArguments, schemaOfRelease } from "./release-bodies.ts";

/** Bytes of a file. */
const bytes = z.instanceof(Uint8Array);

const names = z.record(z.string(), z.string());

/** A file of the repository. */
const deliveredFile = z.strictObject({ mode: z.string().regex(/^0[0-7]{3}$/), content: bytes });

/** A file with secrets, whose bytes the session brings under the name `staged`. */
const secretFile = z.strictObject({
  mode: z.string().regex(/^0[0-7]{3}$/),
  owner: z.string().regex(/^[0-9]{1,10}$|^root$/),
  staged: z.string(),
});

const sharedService = service.extend({
  job,
  /** By target: the numbers of the last writes of a mounted file, or the fingerprint of a mounted secret. */
  mounts: names,
  /** By name: fingerprints of the variables that the service uses. */
  variables: names,
});

const keep = z.strictObject({ releases: count, disk: count.optional() });

const place = { directory: z.string().startsWith("/"), project: z.string() };

/** By kind: the body of each document that travels to a server. Both ends check a document against it. */
export const bodySchemas = {
  claim: z.strictObject({
    directory: z.string().startsWith("/"),
    /** By name: the service of each container. */
    containers: names,
    networks: names,
    /** By subnet: the network for which it is named. */
    subnets: names.optional(),
    ports: names,
    projects: z.record(z.string(), z.enum(["shared", "proxy", "blue", "green", "migration"])),
    volumes: names,
    /** The memory that the stack may use at the same time; present where something of it has a limit. */
    memory: z
      .strictObject({ parts: z.record(z.string(), count), reserve: count, overcommit: z.string().optional() })
      .optional(),
    /** The hand-made compose project whose place the stack takes. */
    adopts: z.string().optional(),
    /** Present where the stack is protected from removal. */
    protected: z.literal("true").optional(),
  }),
  directory: z.strictObject({ path: z.string().startsWith("/"), owner: z.string(), mode: z.string() }),
  images: z.strictObject({ images: names, keep: keep.optional() }),
  files: z.strictObject({
    directory: z.string().startsWith("/"),
    files: z.record(z.string(), deliveredFile),
  }),
  secrets: z.strictObject({
    directory: z.string().startsWith("/"),
    files: z.record(z.string(), secretFile.extend({ entries: names })),
  }),
  adoption: z.strictObject({
    /** The hand-made compose project whose place the stack takes. */
    project: z.string(),
    /** By service of that project: the compose project of the stack that makes its containers again. */
    replaced: names.optional(),
    /** Present where its containers are no longer needed to go back. */
    done: z.literal("true").optional(),
  }),
  networks: z.strictObject({
    /** The addresses of which the server chooses. */
    range: z.string(),
    networks: z.record(z.string(), network),
  }),
  volume: z.strictObject({
    /** The name of a volume, or the absolute path of a folder. */
    volume: z.string(),
    service: z.string(),
    data: z.enum(["postgres", "files"]),
    cluster: z.string().optional(),
    major: z.string().optional(),
    /** Present where the volume is there before the stack, and is never made. */
    external: z.literal("true").optional(),
    /** How the engine makes the volume, where it is not by its defaults. */
    making: z
      .strictObject({ driver: z.string().optional(), options: names.optional(), labels: names.optional() })
      .optional(),
    /** The state of the volume that is accepted in place of the data that it held. */
    adopt: z.string().optional(),
  }),
  compose: z.strictObject({
    ...place,
    compose: bytes,
    services: z.record(z.string(), sharedService),
    /** Present where the services start after the release. Others of the project may start before it. */
    after: z.literal("release").optional(),
    /** The services of the project that its other document starts, with the time at which they do. */
    beside: z.record(z.string(), z.enum(["before", "after"])).optional(),
    /** By service and network: its place in a network that it joins without being made again. */
    joins: z.record(z.string(), z.record(z.string(), join)).optional(),
    /** By name: what its networks are made from, beside their subnets. */
    networks: names.optional(),
    /** Path of the env file, which the verb `secrets` writes. */
    env: z.string().startsWith("/").optional(),
    files: z.record(z.string(), deliveredFile).optional(),
  }),
  migration: z.strictObject({
    ...place,
    release: z.string(),
    service: z.string(),
    image: z.string(),
    deadline: seconds,
    compose: bytes,
    env: z.record(z.string(), z.strictObject({ staged: z.string() })),
    files: z.record(z.string(), deliveredFile),
    secrets: z.record(z.string(), secretFile).optional(),
    ...schemaOfRelease,
  }),
  rollout: z.strictObject({
    ...place,
    release: z.string(),
    commit: z.string().optional(),
    ...schemaOfRelease,
    buildArguments: buildArguments.optional(),
    compose: bytes,
    routes: bytes,
    /** Env files by path, with the fingerprints of the variables of each that services use. */
    env: z.record(z.string(), z.strictObject({ staged: z.string(), entries: names })),
    files: z.record(z.string(), deliveredFile),
    secrets: z.record(z.string(), secretFile).optional(),
    services: z.record(z.string(), releaseService),
    /** Sum of everything that a colour is made of. With the same sum, the colour that serves is no other release. */
    made: z.string().regex(/^[0-9a-f]{64}$/),
    /** By name: everything through which the release is watched after the switch. */
    entryPoints: z.record(z.string(), entryPoint),
    /** By name: what its networks are made from, beside their subnets. */
    networks: names.optional(),
    /** Present where the release that serves stops before this one starts. */
    strategy: z.literal("recreate").optional(),
    /** Seconds for which it is watched. */
    watch: seconds,
    /** The sum of the memory limits of all its containers, in bytes; undefined where none has a limit. */
    memory: count.optional(),
  }),
  confirm: z.strictObject({
    ...place,
    release: z.string(),
    /** Hash of the rollout document whose release is confirmed. */
    rollout: z.string().regex(/^[0-9a-f]{64}$/),
    /** By service, the proxy's as `slipway-proxy`. */
    images: names,
    commit: z.string().optional(),
    /** The state in which the previous release is kept. */
    warm: z.enum(["running", "stopped", "none"]),
  }),
} as const;

/** The kinds of documents, each read by the verb of its name. */
export type DocumentKind = keyof typeof bodySchemas;

/** The body of a document of a kind, as a verb reads it. */
export type Body<Kind extends DocumentKind> = z.output<(typeof bodySchemas)[Kind]>;

/** The schemas in a form that lets a function read a body of any kind. */
const schemas: { readonly [Kind in DocumentKind]: z.ZodType<Body<Kind>> } = bodySchemas;

/** A body as a verb reads it, or what is wrong with it. */
interface ReadBody<Kind extends DocumentKind> {
  readonly body: Body<Kind> | undefined;
  readonly issues: readonly z.core.$ZodIssue[];
}

/** Reads the body of a document of a kind. */
export function readBody<Kind extends DocumentKind>(kind: Kind, body: unknown): ReadBody<Kind> {
  const { data, error } = schemas[kind].safeParse(body);
  return { body: data, issues: error?.issues ?? [] };
}

type Awaited = Readonly<Record<string, { readonly deadline: number }>>;

/** The longest time that a service of these may take to become ready, in seconds. */
export function longestDeadline({ services }: { readonly services: Awaited }): number {
  return Math.max(0, ...Object.values(services).map(({ deadline }) => deadline));
}
