import { describe, expect, it } from "vitest";
import { read, readService, type Trial } from "../trial.ts";

const compose = (config: string, entry = "page"): string =>
  `services:\n  api:\n    configs: [${entry}]\nconfigs:\n  page: ${config}\n`;

const trial: Trial = { variables: { HOST: "a.example", MANY: "x\n$y\n" }, secrets: ["TOKEN"] };

describe("a config whose content is no file (M15)", () => {
  it.each([
    ['{ content: "listen ${HOST}:${PORT:-80} $$x\\n" }', "listen a.example:80 $x\n"],
    ["{ environment: MANY }", "x\n$y\n"],
  ])("is delivered as a file: %s", (config, content) => {
    const { mounts } = readService("api", compose(config), trial);
    const file = { path: "slipway-configs/page", content: new TextEncoder().encode(content), executable: false };
    expect(mounts).toEqual([
      { type: "file", source: "slipway-configs/page", target: "/page", readOnly: true, files: [file] },
    ]);
  });

  it("is mounted at its target, and may be executable", () => {
    const entry = "{ source: page, target: /usr/bin/run, mode: 0555 }";
    const { application, notes } = read(compose('{ content: "#!/bin/sh" }', entry), trial);
    expect(application?.services["api"]?.mounts).toMatchObject([
      { target: "/usr/bin/run", files: [{ executable: true }] },
    ]);
    expect(notes).toEqual(["api: ignores mode of configs.page; every user in the container may read it"]);
  });

  it.each([
    [
      "{ content: 'a ${TOKEN} b' }",
      "has the variable TOKEN, which is secret, and anybody may read a config; " +
        "put the whole text into a variable of `secrets`, and mount it by a secret with `environment`",
    ],
    [
      "{ environment: TOKEN }",
      "has the variable TOKEN, which is secret, and anybody may read a config; " +
        "put the whole text into a variable of `secrets`, and mount it by a secret with `environment`",
    ],
    ["{ content: '${NONE}' }", "needs the variable NONE, which is not set; set variables.NONE, or write a default"],
    ["{ environment: NONE }", "needs the variable NONE, which is not set; set variables.NONE"],
    ["{ content: '${' }", "holds a '${' that begins no variable, got '${'; close it, or write `$$` for a dollar sign"],
  ])("rejects %s", (config, problem) => {
    expect(read(compose(config), trial).problems).toEqual([`compose.yaml:5:3: configs.page ${problem}`]);
  });

  it.each([".", ".."])("is no way out of its folder with the name %j", (name) => {
    const text = compose("{ content: x }", `{ source: "${name}", target: /page }`).replace("  page:", `  "${name}":`);
    expect(read(text, trial).problems).toEqual([
      `compose.yaml:5:3: configs.${name} is a file on the server, and no file can have this name; ` +
        "call the config something else",
    ]);
  });

  it("rejects a folder of the repository in its place", () => {
    const { problems } = read(compose("{ content: x }"), { files: { "slipway-configs/a": "x" } });
    expect(problems).toEqual([
      "compose.yaml:5:3: configs.page would lie in 'slipway-configs' on the server, " +
        "which the repository has as well; call that folder something else",
    ]);
  });
});
