import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Chapter, deadPort, DockerStack } from "./docker-stack.ts";
import type { DockerSpecs, VolumeSpec } from "../programs/docker/spec.ts";
import { sharedServer } from "../shared-server.ts";

/** A stack of volumes on a real engine behind ssh, from its first preview to its end. */
const stack = new DockerStack(sharedServer());

interface Story {
  readonly firstPreview: Chapter;
  readonly created: Chapter;
  readonly unchanged: Chapter;
  readonly afterLoss: Chapter;
  readonly previewWithRefresh: Chapter;
  readonly driftCheck: Chapter;
  readonly upWithRefresh: Chapter;
  readonly refreshElsewhere: Chapter;
  readonly elsewhere: Chapter;
  readonly refreshOfElsewhere: Chapter;
  readonly changePreview: Chapter;
  readonly changed: Chapter;
  readonly destroyed: Chapter;
}
let story: Story;
let dead: number;

beforeAll(async () => {
  dead = await deadPort();
  const first = program(firstVolumes());
  const elsewhere = program(firstVolumes(), dead);
  const firstPreview = await stack.run("preview", elsewhere);
  const created = await stack.run("up", program({ ...firstVolumes(), unreachable: unreachable() }));
  const unchanged = await stack.run("up", first);
  await stack.onServer(`docker volume rm ${stack.name("plain")} ${stack.name("protected")}`);
  story = {
    firstPreview,
    created,
    unchanged,
    afterLoss: await stack.run("preview", first),
    previewWithRefresh: await stack.run("preview", first, ["--refresh", "--expect-no-changes"]),
    driftCheck: await stack.run("refresh", first, ["--preview-only", "--expect-no-changes"]),
    upWithRefresh: await stack.run("up", first, ["--refresh"]),
    refreshElsewhere: await stack.run("preview", elsewhere, ["--refresh"]),
    elsewhere: await stack.run("up", elsewhere),
    refreshOfElsewhere: await stack.run("refresh", elsewhere),
    changePreview: await stack.run("preview", program(changedVolumes())),
    changed: await stack.run("up", program({ ...firstVolumes(), plain: stack.volume("renamed") })),
    destroyed: await stack.run("destroy", undefined),
  };
});

afterAll(() => stack.remove());

function program(volumes: Record<string, VolumeSpec>, port?: number): DockerSpecs {
  return { providers: { host: stack.provider(port), nowhere: stack.provider(dead) }, volumes };
}

function firstVolumes(): Record<string, VolumeSpec> {
  return {
    plain: stack.volume("plain"),
    labelled: stack.volume("labelled", { labels: [{ label: "kept", value: "yes" }] }),
    tuned: stack.volume("tuned", { driver: "local", driverOpts: { type: "tmpfs", device: "tmpfs", o: "size=1m" } }),
    unnamed: { provider: "host", inputs: {} },
    protected: stack.volume("protected", {}, { protect: true }),
    retained: stack.volume("retained", {}, { retainOnDelete: true }),
  };
}

function unreachable(): VolumeSpec {
  return { ...stack.volume("unreachable"), provider: "nowhere", after: "plain" };
}

/** One change for each input. */
function changedVolumes(): Record<string, VolumeSpec> {
  return {
    ...firstVolumes(),
    plain: stack.volume("renamed"),
    labelled: stack.volume("labelled", { labels: [{ label: "kept", value: "no" }] }),
    tuned: stack.volume("tuned", { driver: "local", driverOpts: { type: "tmpfs", device: "tmpfs", o: "size=2m" } }),
    retained: stack.volume("retained", { driver: "other" }, { retainOnDelete: true }),
  };
}

describe("a volume (from the facts)", () => {
  const output = (name: string, key: string) => story.created.state.output(name, key);

  test("is previewed without a connection, even where no host answers", () => {
    expect(story.firstPreview.result.exitCode).toBe(0);
    expect(story.firstPreview.result.events.changes).toEqual({ create: 9 });
    expect(story.firstPreview.clients).toBe(0);
  });

  test("is created over ssh; its id is its name", () => {
    expect(story.created.volumes).toEqual(new Set(["plain", "labelled", "tuned", "protected", "retained"]));
    expect(story.created.clients).toBeGreaterThan(0);
    expect(story.created.state.resource("plain").id).toBe(stack.name("plain"));
    expect(output("plain", "name")).toBe(stack.name("plain"));
    expect(output("plain", "driver")).toBe("local");
    expect(output("plain", "mountpoint")).toBe(`/var/lib/docker/volumes/${stack.name("plain")}/_data`);
  });

  test("has the labels and options of the program", async () => {
    expect(output("labelled", "labels")).toEqual([{ label: "kept", value: "yes" }]);
    expect(output("tuned", "driverOpts")).toEqual({ type: "tmpfs", device: "tmpfs", o: "size=1m" });
    const found = await stack.onServer(`docker volume inspect -f '{{json .Options}}' ${stack.name("retained")}`);
    expect(found.trim()).toBe("null");
  });

  test("without a name gets its resource name and some random characters", () => {
    expect(output("unnamed", "name")).toMatch(/^unnamed-[0-9a-f]{7}$/);
  });

  test("on a host that does not answer fails the update after others were made", () => {
    expect(story.created.result.exitCode).toBe(1);
    expect(story.created.result.events.said("unreachable", "error")).toMatch(
      /Error pinging Docker server, .*ssh:\/\/root@127.0.0.1:.*Connection refused/s,
    );
    expect(story.created.state.has("plain")).toBe(true);
    expect(story.created.state.has("unreachable")).toBe(false);
  });

  test("that does not change takes no connection at all", () => {
    expect(story.unchanged.result.events.changes).toEqual({ same: 9 });
    expect(story.unchanged.clients).toBe(0);
  });
});

describe("a volume that was removed by hand (from the facts)", () => {
  test("is not missed by a plain preview", () => {
    expect(story.afterLoss.volumes).not.toContain("plain");
    expect(story.afterLoss.result.events.changes).toEqual({ same: 9 });
    expect(story.afterLoss.clients).toBe(0);
  });

  test("is to be created in a preview with --refresh, which exits 7 with --expect-no-changes", () => {
    expect(story.previewWithRefresh.result.events.steps("plain")).toEqual(["refresh", "create"]);
    expect(story.previewWithRefresh.result.exitCode).toBe(7);
  });

  test("makes `refresh --preview-only --expect-no-changes` exit 7", () => {
    expect(story.driftCheck.result.exitCode).toBe(7);
    expect(story.driftCheck.state.has("plain")).toBe(true);
  });

  test("is made again by `up --refresh` without a word, even a protected one", () => {
    expect(story.upWithRefresh.result.exitCode).toBe(0);
    expect(story.upWithRefresh.result.events.steps("protected")).toEqual(["refresh", "create"]);
    expect(story.upWithRefresh.volumes).toContain("plain");
    expect(story.upWithRefresh.volumes).toContain("protected");
    expect(story.upWithRefresh.result.events.messages).toEqual([]);
  });
});

describe("a volume whose provider has another host (from the facts)", () => {
  test("is refreshed with the provider's settings of the state, not of the program", () => {
    expect(story.refreshElsewhere.result.exitCode).toBe(0);
    expect(story.refreshElsewhere.clients).toBeGreaterThan(0);
    expect(story.refreshElsewhere.result.events.steps("plain")).toEqual(["refresh", "same"]);
    expect(story.refreshElsewhere.result.events.steps("host")).toEqual(["refresh", "update"]);
  });

  test("is unchanged for a plain update, which does not look there", () => {
    expect(story.elsewhere.result.exitCode).toBe(0);
    expect(story.elsewhere.result.events.changes).toEqual({ same: 8, update: 1 });
    expect(story.elsewhere.clients).toBe(0);
  });

  test("fails the next refresh if that host does not answer", () => {
    expect(story.refreshOfElsewhere.result.exitCode).toBe(1);
    expect(story.refreshOfElsewhere.result.events.said("plain", "error")).toContain("Error pinging Docker server");
  });
});

describe("a change of a volume (from the facts)", () => {
  test.each([
    ["name", "plain"],
    ["driver", "retained"],
    ["driverOpts", "tuned"],
    ["labels", "labelled"],
  ])("in its %s replaces it, the old one first", (input, name) => {
    const { events } = story.changePreview.result;
    expect(events.steps(name)).toEqual(["delete-replaced", "replace", "create-replacement"]);
    expect(events.replacementReasons(name)).toEqual([input]);
    expect(story.changePreview.clients).toBe(0);
  });

  test("in its name removes the volume of the old name", () => {
    expect(story.changed.result.exitCode).toBe(0);
    expect(story.changed.volumes).toContain("renamed");
    expect(story.changed.volumes).not.toContain("plain");
  });
});

describe("the end of a stack (from the facts)", () => {
  test("with a protected volume fails, after the others were deleted", () => {
    expect(story.destroyed.result.exitCode).toBe(1);
    expect(story.destroyed.result.events.said("protected", "error")).toContain("because it is protected");
    expect(story.destroyed.volumes).toEqual(new Set(["protected", "retained"]));
  });

  test("leaves a volume with retainOnDelete alone", () => {
    expect(story.destroyed.state.has("retained")).toBe(false);
    expect(story.destroyed.volumes).toContain("retained");
  });
});
