import { describe, expect, it } from "vitest";
import { problemsOf } from "../../config/problems.ts";
import { environmentSchema } from "../../config/schema.ts";
import { policyRules } from "../../model/stack/policy-settings.ts";
import { describeProblem } from "../../model/problem.ts";

const hostKey = `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${"x".repeat(43)}`;
const host = { address: "192.0.2.10", user: "deploy", hostKey };
const stack = { host, directory: "/opt/app", project: "app", fingerprintKey: "k".repeat(44) };

const advisory = Object.fromEntries(policyRules.map((rule) => [rule, "advisory"]));

function messages(change: object): string[] {
  const input = { ...stack, ...change };
  const parsed = environmentSchema.safeParse(input);
  return parsed.success ? [] : problemsOf(parsed.error, input, environmentSchema).map(describeProblem);
}

const waiverForm = "say in a few words why the rule does not hold there";
describe("the schema", () => {
  it("takes the required keys, and fills in all others", () => {
    expect(environmentSchema.parse(stack)).toEqual({
      ...stack,
      host: { ...host, connection: "ssh", port: 22 },
      env: {
        file: { path: "infra/env/<environment>.env.enc", named: false },
        ...{ timeout: 60, contract: { path: ".env.example", named: false }, files: {} },
      },
      ports: {},
      profiles: [],
      services: {},
      ...{ folders: {}, files: { limit: 262_144, total: 1_048_576 } },
      platforms: ["linux/amd64"],
      networks: { range: "10.213.0.0/16", subnets: {} },
      policy: { ...advisory, waivers: {}, tracked: {} },
      protected: false,
      registries: {},
      adopt: { done: false, data: {} },
      volumes: {},
      proxy: { image: "traefik:v3.6" },
      release: { from: "pipeline", file: "release.json" },
      gate: { answers: 10, window: 3, interval: 0.2 },
      watch: 5,
      strategy: "blue-green",
      warm: "stopped",
      keep: { releases: 5 },
      memory: { reserve: 512 * 1024 ** 2 },
      lease: 300,
      variables: {},
      secrets: {},
    });
  });

  it("rejects a waiver without a reason, and one of an unknown rule", () => {
    expect(messages({ policy: { ports: "mandatory", waivers: { api: { ports: " ", sockets: "x" } } } })).toEqual([
      `policy.waivers.api.ports: is a waiver without a reason, got ' '; ${waiverForm}`,
      "policy.waivers.api.sockets: is not a key that slipway knows; did you mean 'socket'",
    ]);
  });

  it("takes sizes and durations in words", () => {
    const { services, proxy } = environmentSchema.parse({
      ...stack,
      services: { api: { memory: "512 MB", boot: "2 minutes" }, web: { memory: "1.5 GB" } },
      proxy: { memory: "64 KB" },
    });
    const plain = { release: false, drop: [] };
    expect(services).toEqual({
      api: { ...plain, memory: 536_870_912, boot: 120 },
      web: { ...plain, memory: 1_610_612_736, boot: 60 },
    });
    expect(proxy).toEqual({ image: "traefik:v3.6", memory: 65_536 });
  });

  it("takes keys of the four algorithms that sshd makes", () => {
    for (const algorithm of ["ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"]) {
      expect(messages({ host: { ...host, hostKey: hostKey.replace("ssh-ed25519", algorithm) } })).toEqual([]);
    }
  });

  it("rejects a host without a host key and says how to get one (F6)", () => {
    expect(messages({ host: { address: "192.0.2.10", user: "deploy" } })).toEqual([
      "host.hostKey: is missing; copy it from the server's /etc/ssh/ssh_host_ed25519_key.pub, " +
        "or compare the output of `ssh-keyscan` with that file over another channel",
    ]);
  });

  it.each([
    [
      "a key without its algorithm",
      { hostKey: "AAAA" },
      "host.hostKey: is not a host key of the form 'ssh-ed25519 AAAA…', got 'AAAA'; " +
        "copy it from the server's /etc/ssh/ssh_host_ed25519_key.pub",
    ],
    [
      "a key with a line break",
      { hostKey: `${hostKey}\n` },
      `host.hostKey: is not a host key of the form 'ssh-ed25519 AAAA…', got '${hostKey}\\n'; ` +
        "copy it from the server's /etc/ssh/ssh_host_ed25519_key.pub",
    ],
    ["a port above 65535", { port: 70000 }, "host.port: is not a port, got 70000; use 1 to 65535"],
    ["a port of text", { port: "22" }, "host.port: is not of type number, got '22'; correct the value"],
    [
      "a user with a space",
      { user: "de ploy" },
      "host.user: is not a Linux user name, got 'de ploy'; use small letters, digits, '_' and '-', such as deploy",
    ],
    ...["-oProxyCommand=id", "deploy@192.0.2.10", "a b", "example..com", "192.0.2.10:22", "x;id"].map(
      (address): [string, object, string] => [
        `an address that is no host name (SEC-C1)`,
        { address },
        `host.address: is neither a host name nor an IP address, got '${address}'; ` +
          "write it without user and port, such as server.example.com",
      ],
    ),
    ["an empty address", { address: "" }, "host.address: is empty, got ''; write the server's name or IP address"],
  ])("rejects %s", (_, change, message) => {
    expect(messages({ host: { ...host, ...change } })).toEqual([message]);
  });

  it.each([
    ["/", "is a folder of the system"],
    ["/var", "is a folder of the system"],
    ["/home", "is a folder of the system"],
    ["/home/deploy", "is a folder of the system"],
    ["/var/www", "is a folder of the system"],
    ["/etc/app", "is a folder of the system"],
    ["/var/lib/docker/volumes/app", "is a folder of the system"],
    ["/var/lib/slipway", "is a folder of the system"],
    ["/var/spool/cron", "is a folder of the system"],
    ["/var/lib/systemd/coredump", "is a folder of the system"],
    ["/root/.config", "is a folder of the system"],
    ["/home/deploy/.ssh", "is a folder of the system"],
    ["/home/deploy/.config/systemd", "is a folder of the system"],
    ["/srv/git/.ssh/keys", "is a folder of the system"],
    ["opt/app", "is not an absolute path"],
    ["~/app", "is not an absolute path"],
    ["", "is not an absolute path"],
    ["/opt/../etc", "contains '..', which leads out of the folder"],
    ["/opt/app/", "is not written in its shortest form"],
    ["/opt//app", "is not written in its shortest form"],
    ["/opt/my app", "contains characters other than letters, digits and '._/@+-'"],
    ["/opt/app\n", "contains characters other than letters, digits and '._/@+-'"],
  ])("rejects the directory '%s'", (directory, what) => {
    const todo = "use a folder of the stack's own, such as /var/www/aaperture-staging or /opt/aaperture";
    expect(messages({ directory })).toEqual([`directory: ${what}, got '${directory.replace("\n", "\\n")}'; ${todo}`]);
  });

  it.each(["/var/www/aaperture", "/opt/platform-v2", "/srv/app", "/home/deploy/app", "/var/lib/app", "/opt/a..b"])(
    "takes the directory %s",
    (directory) => expect(messages({ directory })).toEqual([]),
  );

  it.each([
    [
      "a project that Compose would refuse",
      { project: "My_App" },
      "project: is not a name that Compose takes, got 'My_App'; use small letters, digits, '-' and '_', " +
        "and begin with a letter or digit",
    ],
    ["a protection in words", { protected: "yes" }, "protected: is not of type boolean, got 'yes'; correct the value"],
    ["ports that are a list", { ports: [18080] }, "ports: is not of type map, got [18080]; correct the value"],
    [
      "a size without a unit",
      { services: { api: { memory: "512" } } },
      "services.api.memory: is not a size, got '512'; write a number and KB, MB or GB, such as '512 MB'",
    ],
    [
      "a size of another unit",
      { proxy: { memory: "512 MiB" } },
      "proxy.memory: is not a size, got '512 MiB'; write a number and KB, MB or GB, such as '512 MB'",
    ],
    [
      "a duration without a unit",
      { services: { api: { boot: "60" } } },
      "services.api.boot: is not a duration, got '60'; write a number and seconds, minutes or hours, " +
        "such as '60 seconds'",
    ],
    [
      "a health path that Traefik would run as a template",
      { services: { api: { health: "/{{ env }}" } } },
      "services.api.health: holds '{{', which the proxy would run as a template, got '/{{ env }}'; write plain text",
    ],
    [
      "a health path without a slash",
      { services: { api: { health: "health" } } },
      "services.api.health: is not a path, got 'health'; begin with '/' and use no space, " +
        "backtick or control character",
    ],
    [
      "a domain that Traefik would run as a template",
      { domain: "{{x}}.example.com" },
      "domain: holds '{{', which the proxy would run as a template, got '{{x}}.example.com'; write plain text",
    ],
    [
      "a domain with a scheme",
      { domain: "https://example.com" },
      "domain: is not a domain name, got 'https://example.com'; write it without scheme and path, " +
        "such as staging.example.com",
    ],
    [
      "a release from somewhere else",
      { release: { from: "staging" } },
      "release.from: is not an allowed value, got 'staging'; use 'pipeline'",
    ],
    [
      "a variable that is a number",
      { variables: { SIZE: 1.1 } },
      "variables.SIZE: is not of type string, got 1.1; write it in quotes",
    ],
    [
      "a secret that is a number, without its value",
      { secrets: { PIN: 4711 } },
      "secrets.PIN: is not of type string, got a value that is kept secret; write it in quotes",
    ],
    [
      "a short fingerprint key, without its value",
      { fingerprintKey: "canary" },
      "fingerprintKey: is too short for a secret, got a value that is kept secret; make one with `slipway init`",
    ],
  ])("rejects %s", (_, change, message) => {
    expect(messages(change)).toEqual([message]);
  });

  it("rejects a stack without a fingerprint key and says how to get one", () => {
    expect(messages({ fingerprintKey: undefined })).toEqual([
      "fingerprintKey: is missing; run `slipway init`, which makes it and stores it as secret config",
    ]);
  });
});
