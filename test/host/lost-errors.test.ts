import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { staging } from "./answer.ts";
import { LocalHost } from "./host-program.ts";

let host: LocalHost;
beforeEach(() => {
  host = new LocalHost();
});
afterEach(() => {
  host.remove();
});

describe("a verb that cannot read what it needs", () => {
  it.each([
    { what: "the claims of its document", piece: "document_find() { exit 7; }; claim_wanted" },
    { what: "its earlier deliveries", piece: "memory_read() { exit 7; }; delivery_remember files" },
    { what: "the folders that it made", piece: "memory_read() { exit 7; }; directory_delete" },
    { what: "the files of a project", piece: "memory_read() { exit 7; }; drift_files compose:app" },
    { what: "the mark of a colour", piece: "tail() { exit 7; }; rollout_remember blue" },
    {
      what: "the mark of a removed colour",
      piece: 'mkdir -p "$stack_state/colours"; touch "$(rollout_mark blue)"; tail() { exit 7; }; rollout_clear blue',
    },
  ])("rejects going on as if it were empty: $what", async ({ piece }) => {
    const { code } = await host.source(
      staging,
      `document_value() { echo /nonexistent/app; }; drift_remember() { :; }
       rollout_use() { project_folder=/nonexistent; }; project_remove_all() { :; }
       object=one number=1.a; ${piece}`,
    );
    expect(code).toBe(7);
  });
});
