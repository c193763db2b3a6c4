import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readOffline, readOfflineImages } from "../../../config/offline.ts";
import { describeProblem } from "../../../model/problem.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-images-"));
  execFileSync("git", ["-C", folder, "init", "--quiet"]);
  write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
});
afterEach(() => rmSync(folder, { recursive: true }));

const compose = `services:
  web: { image: example/web, restart: "\${RESTART:-always}" }
  db: { image: "\${REGISTRY:-docker.io}/postgres:\${TAG:-17}", environment: { PASSWORD: "\${PASSWORD:-none}" } }
  mail: { image: example/mail, profiles: [mail] }
`;

function write(path: string, text: string): void {
  writeFileSync(join(folder, path), text);
}

/** The problems of a stack with these keys: those of its images, and all of them. */
async function problemsWith(keys: string, files: Readonly<Record<string, string>> = {}): Promise<[string[], string[]]> {
  write("compose.yaml", compose);
  write("Pulumi.dev.yaml", `config:\n${keys}`);
  for (const [path, text] of Object.entries(files)) write(path, text);
  execFileSync("git", ["-C", folder, "add", "."]);
  const request = { folder, stack: "dev", environment: {} };
  const [images, all] = [await readOfflineImages(request), await readOffline(request)];
  return [images.problems.map(describeProblem), all.problems.map(describeProblem)];
}

describe("the images of a stack have the problem of a plan", () => {
  it.each([
    ["profiles that are no list", "  shop:profiles: mail\n", "profiles: is not of type list"],
    ["a profile that no service has", "  shop:profiles: [mial]\n", "profiles: no service has the profile 'mial'"],
    ["a key that may be another one", "  shop:profles: [mail]\n", "profles: is not a key that slipway knows"],
    ["a service that is not there", "  shop:services: { wep: { release: true } }\n", "services.wep: is not a service"],
    ["a migration that is not there", "  shop:migration: { service: gone }\n", "migration.service: is not a service"],
    ["a variable that is no text", "  shop:variables: { TAG: 18 }\n", "variables.TAG: is not of type string"],
    ["a variable that is a placeholder", "  shop:variables: { TAG: CHANGEME }\n", "variables.TAG: is a placeholder"],
    ["an own variable that is faulty", "  shop:domain: Not A Domain\n", "domain: is not a domain"],
  ])("with %s", async (_, keys, problem) => {
    const [ofImages, all] = await problemsWith(keys);
    expect(ofImages.join("\n")).toContain(problem);
    expect(all).toEqual(expect.arrayContaining(ofImages));
  });

  it("with a list of variables that forbids the value of one of theirs, and not of another one", async () => {
    const contract = "# --- application ---\n# one of 16\nTAG=\n# min 12\nPASSWORD=\n# optional\nREGISTRY=\n";
    const [ofImages, all] = await problemsWith("  shop:variables: { TAG: '18', PASSWORD: short }\n", {
      ".env.example": contract,
    });
    expect(all.join("\n")).toContain("variables.PASSWORD: ");
    expect(ofImages).toEqual([expect.stringMatching(/^variables\.TAG: is not an allowed value/)]);
  });

  it("with a source of variables that cannot be read, since it may have one of theirs", async () => {
    const [ofImages, all] = await problemsWith("  shop:env: { file: broken.enc }\n", { "broken.enc": "TAG=18\n" });
    expect(ofImages).toEqual([expect.stringMatching(/^broken\.enc: is not encrypted/)]);
    expect(all).toEqual(expect.arrayContaining(ofImages));
  });

  it("with a source that may have a variable which an include's env file sets otherwise", async () => {
    const [ofImages] = await problemsWith("  shop:env: { file: broken.enc }\n", {
      "broken.enc": "PART=two\n",
      "compose.yaml": "include: [{ path: part.yaml, env_file: part.env }]\n",
      "part.yaml": 'services: { part: { image: "example/${PART}" } }\n',
      "part.env": "PART=one\n",
    });
    expect(ofImages.join("\n")).toContain("broken.enc: is not encrypted");
  });
});

describe("the images of a stack need", () => {
  it("no server, no key and no variable that their names do not have", async () => {
    const [ofImages, all] = await problemsWith(
      "  shop:host: { address: 1 }\n  shop:gate: { answers: none }\n" +
        "  shop:variables: { PASSWORD: CHANGEME, RESTART: CHANGEME }\n",
    );
    expect(all.map((line) => line.split(":")[0])).toEqual(
      expect.arrayContaining(["host.address", "gate.answers", "variables.PASSWORD", "directory", "project"]),
    );
    expect(ofImages).toEqual([]);
  });
});
