import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeEnvFile } from "../../model/stack/env-file.ts";
import { staging } from "./answer.ts";
import { secretForms } from "../real/secrets/secret-forms.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
beforeEach(() => {
  host = new LocalHost();
});
afterEach(() => {
  host.remove();
});

/** The rest of a log after masking, with these values in the env file. */
async function masked(values: readonly string[], log: string): Promise<string> {
  const variables = values.map((value, index) => ({ name: `NAME_${index}`, value }));
  writeFileSync(join(host.folder, ".env"), writeEnvFile(variables));
  writeFileSync(join(host.folder, "log"), log);
  const script = `folder=${host.folder}; mask_learn ${host.folder}/.env; mask_text <${host.folder}/log`;
  const { stdout, stderr } = await host.source(staging, script);
  expect(stderr).toBe("");
  return stdout;
}

const nested = [
  "some",
  "some-",
  "some-o",
  "some-on",
  "some-one",
  "some-one-",
  "some-one-e",
  "some-one-el",
  "some-one-else",
];

describe("a log that is shown", () => {
  it.each([
    { what: "a plain value", values: ["canary"], log: "with canary in it", shown: "with *** in it" },
    { what: "special characters of a shell", values: ['a$b "*\\n?'], log: '=a$b "*\\n?=', shown: "=***=" },
    { what: "each line of a long value", values: ["first line\nsecond line"], log: "second line!", shown: "***!" },
    { what: "a line that ends in CR LF without its CR", values: ["canary\r\nlast"], log: "canary!", shown: "***!" },
    { what: "a value within a longer one", values: nested, log: `${nested.at(-1) ?? ""} some`, shown: "*** ***" },
    { what: "no value too short to be a secret", values: ["80"], log: "port 80", shown: "port 80" },
  ])("hides $what", async ({ values, log, shown }) => {
    expect(await masked(values, `${log}\n`)).toBe(`${shown}\n`);
  });

  it("hides a value in every form that programs print: quoted, escaped, in URLs and encoded (F112)", async () => {
    const odd = "ca\"na'ry $&/+\\ é(1) value";
    const forms = [odd, "plain-canary-77"].flatMap(secretForms);
    expect(await masked([odd, "plain-canary-77"], forms.map((form) => `<${form}>\n`).join(""))).toBe(
      "<***>\n".repeat(forms.length),
    );
  });

  it("hides staged values, too", async () => {
    mkdirSync(join(host.folder, "secrets"));
    writeFileSync(join(host.folder, "secrets", "key"), "-----BEGIN\nMIIEcanary\n");
    expect(await masked([], "it says MIIEcanary\n")).toBe("it says ***\n");
  });
});

describe("a value that is staged as a file of its own (E9)", () => {
  it.each(["canary=of=the=file", '"canary in quotes"', "-----BEGIN KEY-----\nTUlJRWNhbmFyeQ==\n"])(
    "is hidden as it is: %j",
    async (value) => {
      mkdirSync(join(host.folder, "secrets"));
      writeFileSync(join(host.folder, "secrets", "variable.KEY"), value);
      const lines = value.split("\n").filter((line) => line !== "");
      expect(await masked([], lines.map((line) => `<${line}>\n`).join(""))).toBe("<***>\n".repeat(lines.length));
    },
  );
});

describe("a container's log", () => {
  /** The shown log of a container, with this answer of the engine on its environment. */
  async function shown(inspect: string, log: string): Promise<string> {
    writeFileSync(join(host.folder, ".env"), writeEnvFile([{ name: "TOKEN", value: "canary-new" }]));
    writeFileSync(join(host.folder, "compose.yaml"), "environment: { LEVEL: info }\n");
    writeFileSync(join(host.folder, "log"), log);
    const { code, stdout, stderr } = await host.source(
      staging,
      `folder=${host.folder} project=app project_folder=${host.folder} project_env=${host.folder}/.env
       declare -A docker_facts=(["one service"]=api)
       docker_do() { case $2 in ps) echo one ;; inspect) ${inspect} ;; logs) cat ${host.folder}/log ;; esac; }
       project_logs one`,
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    return stderr;
  }

  it("hides its container's value, even if the env file has the next one already (F111)", async () => {
    const variables = String.raw`'TOKEN=canary-old' 'KEY="quoted\n"' 'second=line' 'PORT=80' LEVEL=info`;
    const environment = String.raw`printf '%s\n' ${variables}`;
    const log = String.raw`canary-old canary-new "quoted\n" second=line line PORT 80 info`;
    expect(await shown(environment, `${log}\n`)).toBe(
      "app: the last lines of 'api':\n*** *** *** *** *** PORT 80 info\n",
    );
  });

  it("is not shown if its values are not known", async () => {
    expect(await shown("return 1", "canary-old\n")).toBe(
      "app: cannot show what 'api' said: the engine does not tell which values it has\n",
    );
  });
});
