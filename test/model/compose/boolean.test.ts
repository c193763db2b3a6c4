import { describe, expect, it } from "vitest";
import { composeOf, read, readService } from "./trial.ts";

/** As both Composes read them; the newest one warns of all but true and false. */
const words: readonly [written: string, value: boolean][] = [
  ["true", true],
  ["yes", true],
  ['"yes"', true],
  ["Y", true],
  ['"On"', true],
  ['"TRUE"', true],
  ['"${YES}"', true],
  ['"${UNSET:-YES}"', true],
  ["false", false],
  ['"no"', false],
  ["N", false],
  ['"OFF"', false],
  ['"${UNSET:-no}"', false],
];

const trial = { variables: { YES: "yes" } };

describe("yes and no in a compose file", () => {
  it.each(words)("closes a network by `internal: %s`, or leaves it open", (word, value) => {
    const fields = ["internal", "attachable", "enable_ipv6", "enable_ipv4"].map((field) => `${field}: ${word}`);
    const top = `networks: { back: { ${fields.join(", ")} } }`;
    const { application, problems } = read(composeOf("networks: [back]", top), trial);
    expect(problems).toEqual([]);
    expect(application?.networks["back"]).toEqual(
      value ? { internal: true, ipv6: true, attachable: true } : { ipv4: false },
    );
  });

  it.each(words)("takes a network and a volume of others by `external: %s`, or makes its own", (word, value) => {
    const top = `networks: { back: { external: ${word} } }\nvolumes: { db: { external: ${word} } }`;
    const { application, problems } = read(composeOf("networks: [back]\nvolumes: [db:/db]", top), trial);
    expect(problems).toEqual([]);
    expect(application?.networks["back"]).toEqual(value ? { external: true, name: "back" } : {});
    expect(application?.volumes["db"]).toEqual(value ? { external: true, name: "db" } : {});
  });

  it.each(words)("lets a service write into a mount unless `read_only: %s` is yes", (word, value) => {
    const volumes = `volumes: [{ type: volume, source: db, target: /db, read_only: ${word} }]`;
    const { mounts } = readService("api", composeOf(volumes, "volumes: { db: }"), trial);
    expect(mounts).toMatchObject([{ type: "volume", readOnly: value }]);
  });

  it.each(words)("needs an env file by `required: %s`, and starts again with a service by `restart`", (word, value) => {
    const lines =
      `env_file: [{ path: a.env, required: ${word} }]\n` +
      `depends_on: { db: { condition: service_started, restart: ${word} } }`;
    const { envFiles, dependsOn } = readService("api", `${composeOf(lines)}  db: { image: a }\n`, trial);
    expect(envFiles.length).toBe(value ? 1 : 0);
    expect(dependsOn["db"]).toEqual({ condition: "service_started", required: true, ...(value && { restart: true }) });
  });

  it("rejects any other text", () => {
    const lines =
      "env_file: [{ path: a.env, required: '1' }]\n" +
      "volumes: [{ type: volume, source: db, target: /db, read_only: '1', volume: { nocopy: maybe } }]\n" +
      "networks: [back]";
    const { problems } = read(
      composeOf(lines, "networks: { back: { internal: '1' } }\nvolumes: { db: { external: '' } }"),
    );
    expect(problems.map((problem) => problem.replace(/^compose\.yaml:\d+:\d+: /, ""))).toEqual([
      "service 'api' has no yes or no as env_file.0.required, got '1'; write true or false",
      "service 'api' has no yes or no as volumes.0.read_only, got '1'; write true or false",
      "service 'api' has no yes or no as volumes.0.volume.nocopy, got 'maybe'; write true or false",
      "volumes.db has no yes or no as external, got ''; write true or false",
      "networks.back has no yes or no as internal, got '1'; write true or false",
    ]);
  });
});
