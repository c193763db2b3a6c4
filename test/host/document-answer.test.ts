import { Buffer } from "node:buffer";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeDocument } from "../../model/document/writer.ts";

const strange = "it's $HOME/`id`\\-x.yml";
let folder = "";
let file = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-document-"));
  file = join(folder, "document");
  const body = { files: { [strange]: { content: Buffer.from("a"), mode: "0644" } }, none: {} };
  writeFileSync(file, writeDocument({ kind: "files", resource: "web", body }, { order: 1, attempt: "a" }));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Queries the document as a verb does; `$strange` is the name of a file in it. */
function ask(commands: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const script = `set -euo pipefail; shopt -s inherit_errexit
    fail() { printf '%s: %s\\n' "$1" "$2" >&2; exit 1; }
    . host/document.sh; . host/document-answer.sh; document_read "$1"; strange=$2; ${commands}`;
  return new Promise((resolve) => {
    execFile("bash", ["--norc", "-c", script, "verb", file, strange], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe("a verb", () => {
  it("reads texts, names and bytes of its document, by any names (F21)", async () => {
    const { code, stdout } = await ask(
      "document_value resource; document_keys; document_keys files; document_keys none; " +
        'document_value files "$strange" mode; document_content files "$strange" content',
    );
    expect({ code, lines: stdout.split("\n") }).toEqual({
      code: 0,
      lines: ["web", "files", "none", strange, "0644", "a"],
    });
  });

  it("tells if a key of its document exists", async () => {
    const commands = [
      "files",
      'files "$strange" mode',
      'files "$strange" content',
      "kind",
      'files "$strange" owner',
      "mode",
    ];
    const { stdout } = await ask(commands.map((names) => `document_has ${names} && echo yes || echo no`).join("; "));
    expect(stdout).toBe("yes\nyes\nyes\nyes\nno\nno\n");
  });

  it("reads another document without a trace of the first", async () => {
    const body = { other: Buffer.from("b\n") };
    writeFileSync(`${file}.2`, writeDocument({ kind: "files", resource: "web", body }, { order: 2, attempt: "a" }));
    const first = ["files", 'files "$strange" mode', 'files "$strange" content'];
    const { stdout } = await ask(
      `document_read "$1.2"; document_keys; ${first.map((names) => `document_has ${names} || echo gone`).join("; ")}`,
    );
    expect(stdout).toBe("other\ngone\ngone\ngone\n");
  });

  it.each([
    [
      "a text that is not there",
      'mode=$(document_value files "$strange" owner)',
      `files.${strange}.owner of web is not a line of text`,
    ],
    ["the text of a map", "mode=$(document_value files)", "files of web is not a line of text"],
    ["the names in a text", "keys=$(document_keys kind)", "kind of web is not a map"],
    ["the bytes of a text", "document_content kind | cat", "kind of web is not a content"],
  ])("rejects a read of %s, and ends", async (_, commands, message) => {
    expect(await ask(`${commands}; echo went on`)).toEqual({
      code: 1,
      stdout: "",
      stderr: `document: ${message}; run slipway again with one version on both sides\n`,
    });
  });
});
