import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { LoadedDeployment } from "../../config/assemble.ts";
import { renderedFiles } from "./rendered-files.ts";
import { digest, lockText, TrialRepository } from "./trial-repository.ts";

/** A stack as a user has it: a compose file, other files, and keys of the configuration. */
interface Stack {
  readonly compose: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly keys?: Readonly<Record<string, unknown>>;
}

/** A message, a stack that gets it, and the stack after its advice was followed to the letter. */
interface Advice {
  readonly before: Stack;
  readonly message: string;
  readonly after: Stack;
  /** What must hold afterwards: nothing is lost, opened or unprotected. */
  readonly holds: (loaded: LoadedDeployment, rendered: string) => void;
}

const images = { db: digest("postgres:17"), app: digest("app"), edge: digest("traefik:v3") };
const app = "services:\n  app: { image: app";
const label = "traefik.http.middlewares.a.basicauth.users";
const secret = { secrets: { TOKEN: "canary-of-the-token" } };
const database =
  'services:\n  db: { image: "postgres:17", volumes: ["data:/var/lib/postgresql/data"] }\nvolumes: { data: }\n';

const inFolder = 'services:\n  db: { image: "postgres:17", volumes: ["./postgres14:/var/lib/postgresql/data"] }\n';

const advices: Readonly<Record<string, Advice>> = {
  "a file that is not there (M12)": {
    before: { compose: `${app} }\n`, keys: { compose: "docker-compose.yaml" } },
    message: "compose: there is no file 'docker-compose.yaml'; correct the path, or add the file",
    after: { compose: `${app} }\n`, keys: { compose: "compose.yaml" } },
    holds: ({ stack }) => expect(stack.services.map(({ name }) => name)).toEqual(["app"]),
  },
  "a port that the server's SSH has": {
    before: { compose: `${app}, ports: ["22:22"] }\n` },
    message:
      "ports.app: is missing, and the compose file publishes 22; write 2222 for a port of the server, since 22 is " +
      "taken there, or none if only this stack calls it",
    after: { compose: `${app}, ports: ["22:22"] }\n`, keys: { ports: { app: 2222 } } },
    holds: ({ stack }) => expect(stack.hosts["main"]?.ports).toMatchObject([{ address: "127.0.0.1", first: 2222 }]),
  },
  "a config with a secret (M15)": {
    before: {
      compose: `${app}, configs: [{ source: c, target: /etc/c }] }\nconfigs: { c: { content: "a \${TOKEN}" } }\n`,
      keys: secret,
    },
    message:
      "compose.yaml:3:12: configs.c has the variable TOKEN, which is secret, and anybody may read a config; " +
      "put the whole text into a variable of `secrets`, and mount it by a secret with `environment`",
    after: {
      compose: `${app}, secrets: [{ source: c, target: /etc/c }] }\nsecrets: { c: { environment: TOKEN } }\n`,
      keys: secret,
    },
    holds: ({ stack }, rendered) => {
      expect(stack.services[0]?.secrets).toMatchObject([{ variable: "TOKEN", uid: "0", target: "/etc/c" }]);
      expect(rendered).not.toContain("canary");
    },
  },
  "a config that only a swarm has (M15)": {
    before: { compose: `${app}, configs: [c] }\nconfigs: { c: { external: true } }\n` },
    message:
      "compose.yaml:3:12: configs.c is external, which only Docker Swarm has; " +
      "give it a file of the repository, `content`, or `environment` with a variable that is not secret",
    after: { compose: `${app}, configs: [c] }\nconfigs: { c: { content: hello } }\n` },
    holds: ({ stack }) => expect(stack.services[0]?.mounts).toMatchObject([{ type: "file", target: "/c" }]),
  },
  "a database that comes with the release": {
    before: { compose: database, keys: { services: { db: { release: true } } } },
    message:
      `services.db.release: would run a second database beside the first during each switch, got '${images.db}'; ` +
      "remove it: a shared service takes its image from the release document as well, and keeps its data",
    after: { compose: database, keys: { services: { db: {} } } },
    holds: ({ stack }) => {
      expect(stack.services[0]).toMatchObject({ part: "shared", image: images.db });
      expect(stack.services[0]?.volumes).toMatchObject([{ volume: "trial_data", data: "postgres" }]);
    },
  },
  "a database without a place for its data": {
    before: { compose: 'services:\n  db: { image: "postgres:17" }\n' },
    message:
      "compose.services.db.volumes: mount nothing that keeps the data of this database at /var/lib/postgresql/data, " +
      `so its next container starts empty, got '${images.db}'; mount a named volume: ` +
      "`volumes: [db-data:/var/lib/postgresql/data]`, and `db-data:` in the top-level volumes",
    after: {
      compose:
        'services:\n  db: { image: "postgres:17", volumes: [db-data:/var/lib/postgresql/data] }\n' +
        "volumes: { db-data: }\n",
    },
    holds: ({ stack }) => {
      expect(stack.services[0]?.volumes).toMatchObject([{ volume: "trial_db-data", data: "postgres", cluster: "." }]);
    },
  },
  "a folder of a database that is not there (M1)": {
    before: { compose: inFolder },
    message:
      "compose.yaml:2:41: the mounted 'postgres14' does not exist; " +
      'set `folders: { "./postgres14": {} }` if it holds data, which the server then keeps; commit it, or put it ' +
      "into an image, if it does not",
    after: { compose: inFolder, keys: { folders: { "./postgres14": {} } } },
    holds: ({ stack }, rendered) => {
      const folder = `${stack.directory}/postgres14`;
      expect(stack.services[0]?.volumes).toMatchObject([{ volume: folder, data: "postgres", cluster: "." }]);
      expect(rendered).toContain(`source: ${folder}\n`);
    },
  },
  "two limits that are not the same": {
    before: { compose: `${app}, mem_limit: 1g, deploy: { resources: { limits: { memory: 512m } } } }\n` },
    message:
      "compose.yaml:2:22: service 'app' has other values in mem_limit and in deploy.resources.limits.memory, " +
      "got '1g' and '512m'; write the one that is meant as deploy.resources.limits.memory, and remove mem_limit",
    after: { compose: `${app}, deploy: { resources: { limits: { memory: 512m } } } }\n` },
    holds: (_, rendered) => expect(rendered).toContain("memory: 512m"),
  },
  "a label with a secret": {
    before: {
      compose: `${app}, labels: { ${label}: "me:\${TOKEN}" } }\n`,
      keys: { ...secret, services: { app: { release: true } } },
    },
    message:
      "compose.yaml:2:32: service 'app' has the secret TOKEN in a label for slipway's proxy, got " +
      "'traefik.http.middlewares.a.basicauth.users'; write that label at a shared service, such as your Traefik " +
      "itself: Traefik reads the labels of all",
    after: {
      compose: `${app} }\n  edge: { image: x, labels: { ${label}: "me:\${TOKEN}" } }\n`,
      keys: { ...secret, services: { app: { release: true } } },
    },
    holds: (_, rendered) => {
      expect(rendered).toContain("basicauth.users: me:${TOKEN}");
      expect(rendered).not.toContain("canary");
    },
  },
};

describe("a message whose advice is followed to the letter (F143)", () => {
  let repository: TrialRepository;
  beforeEach(() => {
    repository = new TrialRepository();
  });
  afterEach(() => repository.remove());

  /** Writes a stack, and returns the keys of its configuration. */
  function write({ compose, files = {}, keys = {} }: Stack): Record<string, unknown> {
    const services = z.record(z.string(), z.object({ release: z.boolean().optional() })).parse(keys["services"] ?? {});
    const own = Object.entries(images).filter(([name]) => services[name]?.release === true);
    const release = JSON.stringify({ version: "1", images: Object.fromEntries(own) });
    const lock = lockText("postgres:17", "app:latest", "x:latest", "traefik:v3");
    const all = { ...files, "compose.yaml": compose, "release.json": release, "slipway.lock": lock };
    for (const [path, text] of Object.entries(all)) repository.write(path, text);
    repository.track(...Object.keys(all));
    return { ports: {}, services: {}, ...keys };
  }

  it.each(Object.entries(advices))("is gone, and nothing is lost, opened or unprotected: %s", async (_, advice) => {
    const { before, message, after, holds } = advice;
    expect(await repository.problems(write(before))).toContain(message);
    const loaded = await repository.load(write(after));
    holds(loaded, renderedFiles(loaded));
  });
});
