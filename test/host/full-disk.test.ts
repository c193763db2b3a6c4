import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Engine } from "../../host/docker/engine.ts";
import { appendStateLine } from "../../host/files/state-file.ts";
import { LogFile } from "../../host/log-file.ts";
import { emptyRecord, Records } from "../../host/records/records.ts";
import { Routes } from "../../host/colours/routes.ts";
import { StackState } from "../../host/state/stack-state.ts";
import type { DocumentKind } from "../../model/document/bodies.ts";
import type { DocumentMap } from "../../model/document/document.ts";
import { parseNumber } from "../../model/document/number.ts";
import { writeDocument } from "../../model/document/writer.ts";
import { messageOf } from "../../model/problem.ts";
import { runVerb } from "../../host/verbs/run-verb.ts";
import { verbOf } from "../../host/verbs/table.ts";
import { page, smallDisk, stackOnSmallDisk } from "./small-disk.ts";

interface Filled {
  readonly kind: "files" | "secrets";
  readonly body: (directory: string, content: string) => DocumentMap;
  /** The file that is old or new. */
  readonly file: string;
}

const kinds: readonly Filled[] = [
  {
    kind: "files",
    body: (directory, content) => ({
      directory,
      files: { "conf/a": { mode: "0644", content: Buffer.from(content.repeat(20_000)) } },
    }),
    file: "conf/a",
  },
  {
    kind: "secrets",
    body: (directory) => ({
      directory,
      files: { ".env": { staged: "env", owner: "root", mode: "0600", entries: {} } },
    }),
    file: ".env",
  },
];

describe("a disk that is full at any write", () => {
  it.each(kinds)(
    "rejects the verb `$kind` with its document, and leaves the old file or the new one (F14, F1)",
    async (one) => {
      const { places, directory, session, leave, free } = await stackOnSmallDisk();
      let order = 0;
      const apply = async (content: string): Promise<string> => {
        order += 1;
        session.stage("env", Buffer.from(`TOKEN="${content.repeat(20_000)}"\n`));
        const body = one.body(directory, content);
        const text = writeDocument({ kind: one.kind, resource: "staging-test", body }, parseNumber(`${order}.a`));
        const task = { action: "apply", places, engine: new Engine(), text, say: () => undefined } as const;
        try {
          await runAny(one.kind, task);
          return "applied";
        } catch (error) {
          return messageOf(error);
        }
      };
      expect(await apply("0")).toBe("applied");
      const read = (): string => readFileSync(join(directory, one.file), "utf8");
      let before = read();
      const failures = new Set<string>();
      for (let pages = 0; pages <= 24; pages += 1) {
        leave(pages);
        const content = String(pages % 10);
        const end = await apply(content);
        const after = read();
        if (end !== "applied") {
          expect(end).toMatch(new RegExp(`document ${order}\\.a`));
          failures.add(end.replaceAll(/[0-9]+/g, "N"));
        }
        free();
        expect(await apply(content), end).toBe("applied");
        const wanted = read();
        expect([before, wanted]).toContain(after);
        before = wanted;
        for (const line of new StackState(places).journalLines(1000))
          expect(() => JSON.parse(line) as unknown).not.toThrow();
      }
      expect(failures.size).toBeGreaterThan(1);
    },
  );
});

async function runAny(kind: DocumentKind, task: Parameters<typeof runVerb>[1]): Promise<void> {
  await runVerb(verbOf(kind), task);
}

describe("routes for which the disk has no room", () => {
  it("leave those in place that serve, and come when there is room (F14)", () => {
    const { folder, leave, free } = smallDisk();
    const routes = new Routes({ directory: folder, project: "shop" }, new Engine());
    const text = (colour: string): Buffer =>
      Buffer.from(`# colour: ${colour}, release: 1, generation: 1-1.a-a\n${"# long\n".repeat(3000)}`);
    routes.place(text("blue"));
    const failures = [];
    for (let pages = 0; pages < 16; pages += 1) {
      leave(pages);
      try {
        routes.place(text("green"));
      } catch (error) {
        failures.push(messageOf(error));
        expect(routes.head()?.colour).toBe("blue");
        continue;
      }
      expect(routes.head()?.colour).toBe("green");
      free();
      routes.restore();
      expect(routes.head()?.colour).toBe("blue");
    }
    expect(failures.length).toBeGreaterThan(4);
    expect(failures.filter((why) => !why.includes("ENOSPC"))).toEqual([]);
    free();
    routes.place(text("green"));
    expect(routes.head()?.colour).toBe("green");
  });
});

describe("a line that is added to a full disk", () => {
  it("is not there in part, and the lines before it are as they were (F14, F132)", () => {
    const { folder, leave, free } = smallDisk();
    const path = join(folder, "journal");
    appendStateLine(path, "first");
    leave(0);
    // The file's last page still has room for a part of the line.
    expect(() => appendStateLine(path, "x".repeat(2 * page))).toThrow(`cannot write '${path}': ENOSPC`);
    expect(readFileSync(path, "utf8")).toBe("first\n");
    free();
    appendStateLine(path, "second");
    expect(readFileSync(path, "utf8")).toBe("first\nsecond\n");
  });

  it("of the records leaves a chain that the next record continues (F14, F132)", () => {
    const { folder, leave, free } = smallDisk();
    const records = new Records({ stackState: folder });
    const record = { ...emptyRecord, run: "1", time: "t", verdict: "done" } as const;
    records.append(record);
    leave(0);
    expect(() => records.append({ ...record, run: "2", why: "x".repeat(2 * page) })).toThrow("ENOSPC");
    free();
    records.append({ ...record, run: "3" });
    expect(records.read()).toMatchObject({ records: [{ run: "1" }, { run: "3" }], damage: [] });
  });

  it("of the log is lost, and ends nothing (F14)", () => {
    const { folder, leave, free } = smallDisk();
    const path = join(folder, "log");
    const log = new LogFile(path);
    log.add("first");
    leave(0);
    log.add("x".repeat(2 * page));
    free();
    log.add("later");
    expect(readFileSync(path, "utf8")).toMatch(/^\S+ [0-9]+ first\n(\S+ [0-9]+ x*)?\S+ [0-9]+ later\n$/);
  });
});
