import { isMap, type Json, type JsonMap } from "../../../model/json.ts";
import type { ServerPart, ServerView } from "../case/server-view.ts";
import { comparisonOf, type Comparison } from "./comparison.ts";

/** A small application in both readings, equal but for what is on purpose. Tests change a part of it. */
export interface Trial {
  readonly original: JsonMap;
  readonly keys: JsonMap;
  readonly shared: JsonMap;
  readonly release: JsonMap;
  readonly proxy: JsonMap;
  readonly routes: JsonMap;
}

const digest = `sha256:${"0".repeat(64)}`;

const fields = {
  command: ["serve"],
  entrypoint: null,
  cap_drop: ["ALL"],
  healthcheck: { test: ["CMD", "true"], interval: "5s" },
  stop_grace_period: "1m0s",
  sysctls: { "net.core.somaxconn": "1024" },
  ulimits: { nofile: { soft: 1, hard: 2 } },
  user: "1000",
};

const data = { type: "volume", source: "data", target: "/data", volume: {} };

/** A database and a web service in two networks, of which one has no way out. */
export const trial: Trial = {
  original: {
    services: {
      db: {
        ...fields,
        image: "postgres:17",
        restart: "always",
        environment: { MODE: "fast" },
        networks: { back: null },
        ports: [{ mode: "ingress", target: 5432, published: "5432", protocol: "tcp" }],
        volumes: [data],
        labels: { team: "a" },
      },
      api: {
        ...fields,
        build: { context: "." },
        depends_on: { db: { condition: "service_healthy", required: true } },
        environment: { DB: "db" },
        networks: { back: { aliases: ["backend"] }, front: null },
        ports: [{ mode: "ingress", host_ip: "127.0.0.1", target: 8080, published: "80", protocol: "tcp" }],
        tmpfs: ["/run:size=64m"],
      },
    },
    networks: { back: { name: "shop_back", internal: true }, front: { name: "shop_front" } },
    volumes: { data: { name: "shop_data" } },
  },
  keys: { services: { api: { release: true } } },
  shared: {
    services: {
      db: {
        ...fields,
        image: `postgres:17@${digest}`,
        pull_policy: "never",
        restart: "always",
        environment: { MODE: "fast" },
        networks: { back: null, "back-calls": null },
        ports: [{ host_ip: "127.0.0.1", target: 5432, published: "5432", protocol: "tcp" }],
        volumes: [data],
        labels: { team: "a" },
      },
    },
    networks: {
      back: { name: "shop_back", external: true },
      "back-calls": { name: "shop_back-calls", external: true },
    },
    volumes: { data: { name: "shop_data", external: true } },
  },
  release: {
    services: {
      "api-blue": {
        ...fields,
        image: `registry.test/api@${digest}`,
        pull_policy: "never",
        restart: "unless-stopped",
        environment: { DB: "db" },
        networks: { back: null, own: { aliases: ["api", "backend"] }, front: { aliases: ["api"] } },
        tmpfs: ["/run:size=64m"],
      },
    },
    networks: {
      back: { name: "shop_back", external: true },
      own: { name: "shop_back-blue", external: true },
      front: { name: "shop_front-blue", external: true },
    },
  },
  proxy: {
    services: {
      proxy: {
        networks: { back: null, "back-calls": { aliases: ["api", "backend"] } },
        ports: [{ host_ip: "127.0.0.1", target: 9001, published: "80", protocol: "tcp" }],
      },
    },
    networks: {
      back: { name: "shop_back", external: true },
      "back-calls": { name: "shop_back-calls", external: true },
    },
  },
  routes: {
    http: {
      routers: {
        inside: { entryPoints: ["inside"], rule: "PathPrefix(`/`)", service: "api" },
        published: { entryPoints: ["published"], rule: "PathPrefix(`/`)", service: "api" },
      },
      services: { api: { loadBalancer: { servers: [{ url: "http://api-blue:8080" }] } } },
    },
  },
};

/** The comparison of a trial. */
export function comparisonOfTrial({ original, keys, shared, release, proxy, routes }: Trial): Comparison {
  const part = (kind: ServerPart["kind"], order: number, json: JsonMap, names: [string, string][]): ServerPart => {
    return {
      ...{ name: kind, kind, order, json },
      project: "shop",
      directory: "/srv/shop",
      names: new Map(names),
      body: {},
    };
  };
  const internal = { internal: "true" };
  const server: ServerView = {
    parts: [
      part("shared", 1, shared, [["db", "db"]]),
      part("proxy", 2, proxy, []),
      part("release", 3, release, [["api-blue", "api"]]),
    ],
    refusals: [],
    networks: new Map<string, JsonMap>([
      ["shop_back", internal],
      ["shop_back-blue", internal],
      ["shop_back-calls", internal],
      ["shop_front-blue", {}],
    ]),
    volumes: new Map([["shop_data", {}]]),
    traefik: { static: { entryPoints: { inside: { address: ":8080" }, published: { address: ":9001" } } }, routes },
    secrets: new Map(),
  };
  const config = { project: "shop", directory: "/srv/shop", files: ["compose.yaml"], keys };
  const folders = { folder: "/nowhere/original", root: "/nowhere/server", createsFolders: true };
  return comparisonOf({ config, ...folders, original, server });
}

/** A change of a part of the trial, at a path such as `services/db/user`; undefined removes what is there. */
export type Change = [part: keyof Trial, path: string, value: Json | undefined];

/** The trial with changes. */
export function changedTrial(changes: readonly Change[]): Trial {
  return changes.reduce<Trial>(
    (before, [part, path, value]) => ({ ...before, [part]: withValue(before[part], path.split("/"), value) }),
    trial,
  );
}

/** Sets a value at a path of a map; undefined removes it. */
function withValue(map: JsonMap, [key, ...rest]: readonly string[], value: Json | undefined): JsonMap {
  if (key === undefined) return map;
  const below = map[key];
  const inner = isMap(below) ? below : {};
  const set = rest.length === 0 ? value : withValue(inner, rest, value);
  const entries = Object.entries(map).filter(([name]) => name !== key);
  return Object.fromEntries([...entries, ...(set === undefined ? [] : [[key, set] as const])]);
}
