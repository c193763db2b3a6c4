import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe as group, expect, onTestFinished, test } from "vitest";
import type { JsonMap } from "../../../model/json.ts";
import { changedTrial, comparisonOfTrial } from "./trial.ts";
import { found, linesOf } from "./trial-lines.ts";

group("the comparison of fields", () => {
  test("holds a profile for seccomp to its content, whatever its file is called", () => {
    const root = mkdtempSync(join(tmpdir(), "slipway-seccomp-"));
    onTestFinished(() => rmSync(root, { recursive: true }));
    const folders = { folder: join(root, "original"), root: join(root, "server") };
    mkdirSync(folders.folder);
    mkdirSync(join(folders.root, "srv/shop"), { recursive: true });
    const comparison = comparisonOfTrial(
      changedTrial([
        ["original", "services/db/security_opt", ["seccomp:a.json"]],
        ["shared", "services/db/security_opt", ["seccomp:./a.0.json"]],
      ]),
    );
    const lines = (text: string): string[] => {
      writeFileSync(join(folders.folder, "a.json"), "{}");
      writeFileSync(join(folders.root, "srv/shop/a.0.json"), text);
      return linesOf({ ...comparison, ...folders });
    };
    expect(lines("{}")).toEqual([]);
    expect(lines("[]")).toEqual([expect.stringMatching(/^fields: db: security_opt: expected \["seccomp: file /)]);
  });

  test("holds the policy below deploy to its condition, unless it says none", () => {
    const policy = (more: JsonMap) => found(["original", "services/db/deploy", { restart_policy: more }]);
    expect(policy({ condition: "on-failure", delay: "5s" })).toContain(
      'fields: db: deploy.restart_policy.condition: expected "on-failure", found nothing',
    );
    expect(policy({ delay: "5s" })).toEqual([]);
  });

  test("asks for no label of a release service that Traefik must not look at", () => {
    const labels = { "traefik.enable": "false", "traefik.http.routers.old.rule": "Host(`old`)" };
    expect(found(["original", "services/api/labels", labels])).toEqual([]);
  });

  test("takes a service of the colour for the developers' one where another one has its volumes or its network", () => {
    const changes = (volumesFrom: string) =>
      found(
        ["original", "services/api/volumes_from", ["api:ro"]],
        ["release", "services/api-blue/volumes_from", [volumesFrom]],
        ["original", "services/api/ipc", "service:api"],
        ["release", "services/api-blue/ipc", "service:api-blue"],
      );
    expect(changes("api-blue:ro")).toEqual([]);
    expect(changes("api-blue")).toEqual(['fields: api: volumes_from: expected ["api:ro"], found ["api"]']);
  });
});
