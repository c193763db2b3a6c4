import { createHash } from "node:crypto";
import { parse } from "yaml";
import { describe, expect, it } from "vitest";
import { deployment, service } from "../../stack/aaperture.ts";
import { releaseOf, sharedOf } from "../../render/rendering.ts";
import { composeOf, read, readService } from "../trial.ts";

const files = { "sec/profile.json": "{}" };
const sum = createHash("sha256").update("{}").digest("hex").slice(0, 16);
const path = `sec/profile.${sum}.json`;

describe("a profile for seccomp", () => {
  it.each([
    ["seccomp:./sec/profile.json", {}],
    ["seccomp=sec/profile.json", {}],
    ["seccomp:${FOLDER}/profile.json", { FOLDER: "./sec" }],
  ])("is read from %s and delivered under a name that tells its content", (option, variables) => {
    const { seccompProfiles } = readService("api", composeOf(`security_opt: ["${option}"]`), { files, variables });
    expect(seccompProfiles).toEqual([{ option, path, content: new TextEncoder().encode("{}") }]);
  });

  it.each([
    ...["seccomp:unconfined", "seccomp=builtin", "label:type:x", "apparmor=unconfined", "no-new-privileges:true"],
    ...["seccomp:${MODE}", "seccomp:sec=profile.json"],
  ])("is no file in %s", (option) => {
    const given = { files, variables: { MODE: "unconfined" } };
    expect(readService("api", composeOf(`security_opt: ["${option}"]`), given).seccompProfiles).toBeUndefined();
  });

  it("is rejected where git does not have it", () => {
    expect(read(composeOf("security_opt: [seccomp:none.json]")).problems).toEqual([
      "compose.yaml:3:20: the mounted 'none.json' does not exist; add it to the repository, or correct the path",
    ]);
  });

  it("of the server's own is told", () => {
    const { notes, problems } = read(composeOf("security_opt: [seccomp=/etc/profile.json]"));
    expect({ notes, problems }).toEqual({
      notes: ["api: Compose on the server reads the profile /etc/profile.json there; it is not delivered"],
      problems: [],
    });
  });

  it("is delivered with its part, and named from the folder of the part's compose file, whatever its name is", () => {
    const path = `sec/$profile.${sum}.json`;
    const seccompProfiles = [{ option: "seccomp:a", path, content: new TextEncoder().encode("{}") }];
    const web = service("web", { seccompProfiles, fields: { security_opt: ["seccomp:a", "no-new-privileges"] } });
    const release = { web: { release: true } };
    for (const part of [sharedOf(deployment([web])), releaseOf(deployment([web], release))]) {
      expect(part.files[path]).toMatchObject({ mode: "0644" });
      expect(JSON.stringify(parse(part.compose))).toContain(
        `"security_opt":["seccomp:./sec/$$profile.${sum}.json","no-new-privileges"]`,
      );
    }
  });
});
