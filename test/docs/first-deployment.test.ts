import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { ensureOneHost } from "../../config/hosts.ts";
import { readRelease } from "../../config/release/release.ts";
import { environmentSchema } from "../../config/schema.ts";
import { expandVariables } from "../../config/variables/expand.ts";
import { stackProblems } from "../../model/plan/rules.ts";
import { stackOf } from "../../model/stack/derive.ts";
import { checkout } from "../../toolchain/paths.ts";
import { loadAaperture } from "../config/aaperture-stack.ts";
import { hostKey } from "../config/trial-repository.ts";

const page = readFileSync(join(checkout, "docs/first-deployment.md"), "utf8");

describe("the examples of docs/first-deployment.md", () => {
  it("have a release document of aaperture that every rule accepts", async () => {
    const [, text = ""] = /^```json\n(.*?)^```$/ms.exec(page) ?? [];
    const { release, problems } = readRelease("release.json", text);
    expect(problems).toEqual([]);
    const { deployment } = await loadAaperture("staging");
    expect(stackProblems(stackOf({ ...deployment, release }))).toEqual([]);
  });

  it("have a server by name", () => {
    const [, text = ""] = /\n## Naming the server\n.*?^```yaml\n(.*?)^```$/ms.exec(page) ?? [];
    const { config } = z.object({ config: z.record(z.string(), z.unknown()) }).parse(parse(text));
    expect(Object.keys(config)).toEqual(["aaperture:hosts"]);
    const hosts = expandVariables("hosts", config["aaperture:hosts"], {
      ...{ SERVER_HOST: "192.0.2.10", SERVER_USER: "deploy", SERVER_HOST_KEY: hostKey },
    });
    expect(hosts.problems).toEqual([]);
    expect(environmentSchema.pick({ hosts: true }).safeParse({ hosts: hosts.value }).success).toBe(true);
    expect(ensureOneHost({ hosts: hosts.value })).toEqual([]);
  });
});
