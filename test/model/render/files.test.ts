import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import type { Mount } from "../../../model/compose/application.ts";
import { describeProblem } from "../../../model/problem.ts";
import { deliveredFiles, ensureFilesAreDeliverable } from "../../../model/render/files.ts";
import { deployment, service } from "../stack/aaperture.ts";
import { stackOf } from "../../../model/stack/derive.ts";

function mounted(source: string, files: Readonly<Record<string, string>> = { [source]: "" }): Mount {
  const list = Object.entries(files).map(([path, text]) => ({
    path,
    content: Buffer.from(text),
    executable: path.endsWith(".sh"),
  }));
  return { type: "file", source, target: `/mnt/${source}`, readOnly: true, files: list };
}

function withMounts(mounts: readonly Mount[], release = false, drop: readonly string[] = []) {
  return deployment([service("app", { mounts })], { app: { release, drop } });
}

describe("delivered files", () => {
  it("are the mounted files, each once, executable if git says so", () => {
    const mounts = [
      mounted("conf", { "conf/a.conf": "a", "conf/init.sh": "b" }),
      mounted("conf/a.conf", { "conf/a.conf": "a" }),
    ];
    expect(deliveredFiles(stackOf(withMounts(mounts)).services)).toEqual({
      "conf/a.conf": { mode: "0644", content: Buffer.from("a") },
      "conf/init.sh": { mode: "0755", content: Buffer.from("b") },
    });
    expect(deliveredFiles([])).toEqual({});
  });

  it("exclude those of a dropped mount", () => {
    expect(deliveredFiles(stackOf(withMounts([mounted("a.conf")], false, ["/mnt/a.conf"])).services)).toEqual({});
  });
});

describe("problems of delivered files", () => {
  it.each([
    { path: ".", shared: true, released: true },
    { path: "compose.yaml", shared: true, released: true },
    { path: ".env", shared: true, released: true },
    { path: ".slipway", shared: true, released: false },
    { path: ".slipway/note", shared: true, released: false },
    { path: "xslipway", shared: false, released: false },
    { path: "slipway-proxy", shared: true, released: false },
    { path: "slipway-proxy/nginx.conf", shared: true, released: false },
    { path: "blue/a", shared: true, released: false },
    { path: "green/a", shared: true, released: false },
    { path: "proxy.conf", shared: false, released: false },
    { path: "nginx/compose.yaml", shared: false, released: false },
  ])(
    "rejects '$path', the path of a file of slipway: shared $shared, released $released",
    ({ path, shared, released }) => {
      const message =
        `compose.services.app.volumes: mount a file where slipway keeps its own on the server, got '${path}'; ` +
        "move it to another folder of the repository";
      expect(ensureFilesAreDeliverable(stackOf(withMounts([mounted(path)]))).map(describeProblem)).toEqual(
        shared ? [message] : [],
      );
      expect(ensureFilesAreDeliverable(stackOf(withMounts([mounted(path)], true))).map(describeProblem)).toEqual(
        released ? [message] : [],
      );
    },
  );

  it.each(["<colour>", "<generation>"])("rejects a release's file with the placeholder %s", (word) => {
    const mounts = [mounted("a.conf", { "a.conf": `x ${word} y` })];
    expect(ensureFilesAreDeliverable(stackOf(withMounts(mounts)))).toEqual([]);
    expect(ensureFilesAreDeliverable(stackOf(withMounts(mounts, true))).map(describeProblem)).toEqual([
      `a.conf: contains a placeholder that slipway fills in, got '${word}'; write it in another way`,
    ]);
  });
});
