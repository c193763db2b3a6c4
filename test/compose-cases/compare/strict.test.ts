import { describe as group, expect, test } from "vitest";
import type { Json } from "../../../model/json.ts";
import type { Change } from "./trial.ts";
import { found } from "./trial-lines.ts";

const db = "services/db";
const api = "services/api-blue";
const nobody: Json = [{ host_ip: "0.0.0.0", target: 9001, published: "80", protocol: "tcp" }];

group("the comparison of a rendered application with its original", () => {
  test("finds nothing where only what is on purpose differs, in the networks that are decided", () => {
    expect(found()).toEqual([]);
  });

  test.each<[what: string, change: Change, lines: string[]]>([
    [
      "a command",
      ["release", `${api}/command`, ["other"]],
      ['fields: api: command: expected ["serve"], found ["other"]'],
    ],
    [
      "a grace period",
      ["shared", `${db}/stop_grace_period`, undefined],
      ['fields: db: stop_grace_period: expected "1m0s", found nothing'],
    ],
    ["a user", ["release", `${api}/user`, undefined], ['fields: api: user: expected "1000", found nothing']],
    [
      "a capability",
      ["shared", `${db}/cap_drop`, undefined],
      ['fields: db: cap_drop: expected ["ALL"], found nothing'],
    ],
    ["a label", ["shared", `${db}/labels`, undefined], ['fields: db: labels.team: expected "a", found nothing']],
    [
      "a field that nobody knows",
      ["original", "services/db/invented", { a: 1 }],
      ["fields: db: invented.a: expected 1, found nothing"],
    ],
    [
      "another repository",
      ["shared", `${db}/image`, `mysql@sha256:${"0".repeat(64)}`],
      [`fields: db: image: expected "postgres:17", found "mysql@sha256:${"0".repeat(64)}"`],
    ],
    [
      "a restart policy of the file",
      ["shared", `${db}/restart`, "unless-stopped"],
      ['fields: db: restart: expected "always", found "unless-stopped"'],
    ],
    [
      "a log driver",
      ["original", "services/db/logging", { driver: "syslog" }],
      ['fields: db: logging.driver: expected "syslog", found nothing'],
    ],
    ["a variable", ["release", `${api}/environment`, {}], ['environment: api: DB: expected "db", found nothing']],
    [
      "a variable too much",
      ["shared", `${db}/environment/SECRET`, "x"],
      ['environment: db: SECRET: expected nothing, found "x"'],
    ],
    [
      "another volume",
      ["shared", "volumes/data/name", "shop_other"],
      ['mounts: db: /data.source: expected "shop_data", found "shop_other"'],
    ],
    [
      "a mount that can be written",
      ["original", `${db}/volumes`, [{ type: "volume", source: "data", target: "/data", read_only: true }]],
      ["mounts: db: /data.read_only: expected true, found nothing"],
    ],
    [
      "a mount's option",
      ["original", `${db}/volumes`, [{ type: "volume", source: "data", target: "/data", volume: { nocopy: true } }]],
      ["mounts: db: /data.volume.nocopy: expected true, found nothing"],
    ],
    [
      "the size of a temporary folder",
      ["release", `${api}/tmpfs`, ["/run"]],
      ['mounts: api: /run.tmpfs.size: expected "67108864", found nothing'],
    ],
    [
      "a volume's driver",
      ["original", "volumes/data/driver", "nfs"],
      ['mounts: volume shop_data.driver: expected "nfs", found "local"'],
    ],
    ["a port", ["shared", `${db}/ports`, []], ['ports: db: 5432/tcp: expected ["any 5432"], found nothing']],
    [
      "another port of the server",
      ["shared", `${db}/ports`, [{ target: 5432, published: "5433", protocol: "tcp" }]],
      ['ports: db: 5432/tcp: expected ["any 5432"], found ["any 5433"]'],
    ],
    [
      "a port for everybody",
      ["proxy", "services/proxy/ports", nobody],
      ['ports: api: 8080/tcp: expected ["127.0.0.1 80"], found ["0.0.0.0 80"]'],
    ],
    [
      "UDP beside TCP",
      ["original", `${db}/ports`, [{ target: 5432, published: "5432", protocol: "udp" }]],
      [
        'ports: db: 5432/tcp: expected nothing, found ["127.0.0.1 5432"]',
        'ports: db: 5432/udp: expected ["any 5432"], found nothing',
      ],
    ],
    [
      "a port of a release service on every address of its colour",
      ["release", `${api}/ports`, [{ target: 8080, published: "8080", protocol: "tcp" }]],
      ["parts: api: ports: expected in one colour alone, found 8080, in both colours"],
    ],
    [
      "a network's isolation",
      ["original", "networks/back/internal", false],
      ['networks: db: reaches the world: expected "all ports", found nothing'],
    ],
    [
      "a service that reaches another one against the file",
      ["original", "services/api/networks", { front: null }],
      [
        'networks: db: reaches api: expected nothing, found "all ports"',
        'networks: db: name api: expected nothing, found "api"',
        'networks: api: reaches db: expected nothing, found "all ports"',
        'networks: api: name db: expected nothing, found "db"',
      ],
    ],
    [
      "an alias",
      ["proxy", "services/proxy/networks/back-calls", { aliases: ["api"] }],
      ['networks: db: name backend: expected "api", found nothing'],
    ],
    [
      "a proxy that does not come to the release",
      ["proxy", "services/proxy/networks/back", undefined],
      ["networks: api: proxy: expected a network in which the proxy comes to it, found nothing"],
    ],
    [
      "a name that both colours answer",
      ["release", `${api}/networks/back`, { aliases: ["api"] }],
      ["parts: api: shop_back: expected in one colour alone, found api, in both colours"],
    ],
    [
      "a host name that both colours answer",
      ["release", `${api}/hostname`, "web1"],
      [
        "parts: api: hostname: expected in one colour alone, found web1, in both colours",
        'fields: api: hostname: expected nothing, found "web1"',
      ],
    ],
    [
      "a static address",
      ["original", "services/db/networks/back", { ipv4_address: "10.0.0.2" }],
      ['networks: db: place in shop_back.ipv4_address: expected "10.0.0.2", found nothing'],
    ],
    [
      "a network's own options",
      ["original", "networks/back/driver_opts", { mtu: "1400" }],
      ['networks: shop_back.driver_opts.mtu: expected "1400", found nothing'],
    ],
    [
      "a network of others",
      ["original", "networks/front", { name: "web", external: true }],
      ['networks: api: reaches others in web: expected "all ports", found nothing'],
    ],
    [
      "a way through the proxy that asks for a name",
      ["routes", "http/routers/inside/rule", "Host(`api`)"],
      [
        'networks: db: name api: expected "api", found "api at no port"',
        'networks: db: name backend: expected "api", found "api at no port"',
      ],
    ],
    [
      "an order",
      ["original", "services/db/depends_on", { api: { condition: "service_started", required: true } }],
      [
        'order: db: depends_on.api: expected {"condition":"service_started","required":true}, ' +
          'found {"condition":"starts later","required":true}',
      ],
    ],
    [
      "a service",
      ["shared", "services/db", undefined],
      [
        "parts: db: service: expected deployed, found nothing",
        "parts: shared: expected a project with services, " +
          "found a project without services, which Compose refuses to start",
      ],
    ],
    [
      "an empty map of routes",
      ["routes", "http/middlewares", {}],
      ["parts: routes.http.middlewares: expected nothing, found an empty map, for which Traefik drops the file"],
    ],
  ])("sees %s", (_what, change, lines) => {
    const said = found(change);
    for (const line of lines) expect(said).toContain(line);
  });

  test("counts labels for a team's own Traefik on the proxy, and not on both colours", () => {
    const label: Json = { "traefik.enable": "true" };
    const onColours = found(["original", "services/api/labels", label], ["release", `${api}/labels`, label]);
    expect(onColours).toEqual([
      'fields: api: labels.traefik.enable, on both colours: expected nothing, found "true"',
      'fields: api: labels.traefik.enable, on the proxy: expected "true", found nothing',
    ]);
    const onProxy = found(["original", "services/api/labels", label], ["proxy", "services/proxy/labels", label]);
    expect(onProxy).toEqual([]);
  });

  test("sees what the proxy lets through to a service of another network", () => {
    const [first, second] = [{ front: null }, { front: { aliases: ["api"] } }];
    const said = found(["original", "services/api/networks", first], ["release", `${api}/networks`, second]);
    expect(said).toContain('networks: db: reaches api: expected nothing, found "all ports"');
    // The proxy's places are none of the service itself, which asks from its own networks alone.
    expect(said.filter((line) => line.startsWith("networks: api: reaches db"))).toEqual([]);
  });

  test("asks of a job only whom it can reach before it ends", () => {
    const waits = { db: { condition: "service_completed_successfully", required: true } };
    const named = "networks: db: name api";
    const unnamed: Change = ["proxy", "services/proxy/networks/back-calls", {}];
    const of = (lines: readonly string[]): string[] => lines.filter((line) => line.startsWith(named));
    expect(of(found(unnamed))).toHaveLength(1);
    expect(of(found(unnamed, ["original", "services/api/depends_on", waits]))).toEqual([]);
  });

  test("takes an open address for any, and a port that the stack closes for none", () => {
    const ports: Json = [
      { target: 5432, published: "5432", protocol: "tcp" },
      { target: 9000, protocol: "tcp" },
    ];
    expect(found(["original", `${db}/ports`, ports])).toEqual([
      'ports: db: 9000/tcp: expected ["any any"], found nothing',
    ]);
    expect(found(["original", `${db}/ports`, ports], ["keys", "ports", { db: { 9000: "none" } }])).toEqual([]);
  });
});
