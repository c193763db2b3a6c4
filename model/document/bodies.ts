import { z } from "zod";

/** Bytes of a file. */
const bytes = z.instanceof(Uint8Array);

const names = z.record(z.string(), z.string());

/** A number of seconds, as documents hold it. */
const seconds = z
  .string()
  .regex(/^[1-9][0-9]{0,6}$/)
  .transform(Number);

/** A file of the repository. */
const deliveredFile = z.strictObject({ mode: z.string().regex(/^0[0-7]{3}$/), content: bytes });

/** A file with one secret, whose bytes the session brings under the name `staged`. */
const secretFile = z.strictObject({
  mode: z.string().regex(/^0[0-7]{3}$/),
  owner: z.string().regex(/^[0-9]{1,10}$|^root$/),
  staged: z.string(),
});

/** A service, as the verbs that start it know it. */
const service = z.strictObject({
  /** By digest. */
  image: z.string(),
  /** Seconds that it may take to become ready. */
  deadline: seconds,
  /** By volume on the server: the kind of its data. */
  volumes: z.record(z.string(), z.enum(["postgres", "files"])),
});

const sharedService = service.extend({
  /** By target: the numbers of the last writes of a mounted file, or the fingerprint of a mounted secret. */
  mounts: names,
  /** By name: fingerprints of the variables that the service uses. */
  variables: names,
});

const releaseService = service.extend({
  /** The port that is probed; a service without one is ready when Docker says so. */
  port: z
    .string()
    .regex(/^[1-9][0-9]{0,4}$/)
    .transform(Number)
    .optional(),
  /** The path that answers 2xx. */
  health: z.string().optional(),
});

const place = { directory: z.string().startsWith("/"), project: z.string() };

/** By kind: the body of each document that travels to a server. Both ends check a document against it. */
export const bodySchemas = {
  claim: z.strictObject({
    directory: z.string().startsWith("/"),
    networks: names,
    ports: names,
    projects: z.record(z.string(), z.enum(["shared", "proxy", "blue", "green", "migration"])),
    volumes: names,
    /** Present where the stack is protected from removal. */
    protected: z.literal("true").optional(),
  }),
  directory: z.strictObject({ path: z.string().startsWith("/"), owner: z.string(), mode: z.string() }),
  images: z.strictObject({ images: names }),
  files: z.strictObject({
    directory: z.string().startsWith("/"),
    files: z.record(z.string(), deliveredFile),
  }),
  secrets: z.strictObject({
    directory: z.string().startsWith("/"),
    files: z.record(z.string(), secretFile.extend({ entries: names })),
  }),
  networks: z.strictObject({ networks: names }),
  volume: z.strictObject({
    volume: z.string(),
    service: z.string(),
    data: z.enum(["postgres", "files"]),
    cluster: z.string().optional(),
    major: z.string().optional(),
  }),
  compose: z.strictObject({
    ...place,
    compose: bytes,
    services: z.record(z.string(), sharedService),
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
    env: z.strictObject({ staged: z.string() }),
    files: z.record(z.string(), deliveredFile),
    secrets: z.record(z.string(), secretFile).optional(),
  }),
  rollout: z.strictObject({
    ...place,
    release: z.string(),
    compose: bytes,
    routes: bytes,
    env: z.strictObject({ staged: z.string(), entries: names }),
    files: z.record(z.string(), deliveredFile),
    secrets: z.record(z.string(), secretFile).optional(),
    services: z.record(z.string(), releaseService),
  }),
} as const;

/** The kinds of documents, each read by the verb of its name. */
export type DocumentKind = keyof typeof bodySchemas;

/** The body of a document of a kind, as a verb reads it. */
export type Body<Kind extends DocumentKind> = z.output<(typeof bodySchemas)[Kind]>;
