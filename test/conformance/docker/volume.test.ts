import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunRecord, deadPort, DockerStack } from "./docker-stack.ts";
import type { DockerSpecs, VolumeSpec } from "../programs/docker/spec.ts";
import { sharedServer } from "../shared-server.ts";

// A stack of volumes on a real engine over ssh, from its first preview to its end.
const stack = new DockerStack(sharedServer());

interface Story {
  readonly firstPreview: RunRecord;
  readonly created: RunRecord;
  readonly unchanged: RunRecord;
  readonly afterLoss: RunRecord;
  readonly previewWithRefresh: RunRecord;
  readonly driftCheck: RunRecord;
  readonly upWithRefresh: RunRecord;
  readonly refreshElsewhere: RunRecord;
  readonly elsewhere: RunRecord;
  readonly refreshOfElsewhere: RunRecord;
  readonly changePreview: RunRecord;
  readonly changed: RunRecord;
  readonly destroyed: RunRecord;
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

/** The volumes with a change of each input. */
function changedVolumes(): Record<string, VolumeSpec> {
  return {
    ...firstVolumes(),
    plain: stack.volume("renamed"),
    labelled: stack.volume("labelled", { labels: [{ label: "kept", value: "no" }] }),
    tuned: stack.volume("tuned", { driver: "local", driverOpts: { type: "tmpfs", device: "tmpfs", o: "size=2m" } }),
    retained: stack.volume("retained", { driver: "other" }, { retainOnDelete: true }),
  };
}

describe("a volume (observed elsewhere)", () => {
  const output = (name: string, key: string) => story.created.state.output(name, key);

  test("is previewed without a connection, even if the host does not answer", () => {
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

  test("has a default name of its resource name and random characters", () => {
    expect(output("unnamed", "name")).toMatch(/^unnamed-[0-9a-f]{7}$/);
  });

  test("rejects a host that does not answer; the update fails after other volumes were created", () => {
    expect(story.created.result.exitCode).toBe(1);
    expect(story.created.result.events.said("unreachable", "error")).toMatch(
      /Error pinging Docker server, .*ssh:\/\/root@127.0.0.1:.*Connection refused/s,
    );
    expect(story.created.state.has("plain")).toBe(true);
    expect(story.created.state.has("unreachable")).toBe(false);
  });

  test("needs no connection if nothing changes", () => {
    expect(story.unchanged.result.events.changes).toEqual({ same: 9 });
    expect(story.unchanged.clients).toBe(0);
  });
});

describe("a volume that was removed by hand (observed elsewhere)", () => {
  test("is not noticed by a plain preview", () => {
    expect(story.afterLoss.volumes).not.toContain("plain");
    expect(story.afterLoss.result.events.changes).toEqual({ same: 9 });
    expect(story.afterLoss.clients).toBe(0);
  });

  test("is planned to be created by a preview with --refresh, which exits with 7 for --expect-no-changes", () => {
    expect(story.previewWithRefresh.result.events.steps("plain")).toEqual(["refresh", "create"]);
    expect(story.previewWithRefresh.result.exitCode).toBe(7);
  });

  test("makes `refresh --preview-only --expect-no-changes` exit with 7", () => {
    expect(story.driftCheck.result.exitCode).toBe(7);
    expect(story.driftCheck.state.has("plain")).toBe(true);
  });

  test("is created again by `up --refresh` without a message, even if it is protected", () => {
    expect(story.upWithRefresh.result.exitCode).toBe(0);
    expect(story.upWithRefresh.result.events.steps("protected")).toEqual(["refresh", "create"]);
    expect(story.upWithRefresh.volumes).toContain("plain");
    expect(story.upWithRefresh.volumes).toContain("protected");
    expect(story.upWithRefresh.result.events.messages).toEqual([]);
  });
});

describe("a volume whose provider gets another host (observed elsewhere)", () => {
  test("is refreshed with the provider settings of the state, not of the program", () => {
    expect(story.refreshElsewhere.result.exitCode).toBe(0);
    expect(story.refreshElsewhere.clients).toBeGreaterThan(0);
    expect(story.refreshElsewhere.result.events.steps("plain")).toEqual(["refresh", "same"]);
    expect(story.refreshElsewhere.result.events.steps("host")).toEqual(["refresh", "update"]);
  });

  test("is unchanged by a plain update, which does not connect to the host", () => {
    expect(story.elsewhere.result.exitCode).toBe(0);
    expect(story.elsewhere.result.events.changes).toEqual({ same: 8, update: 1 });
    expect(story.elsewhere.clients).toBe(0);
  });

  test("rejects the next refresh if that host does not answer", () => {
    expect(story.refreshOfElsewhere.result.exitCode).toBe(1);
    expect(story.refreshOfElsewhere.result.events.said("plain", "error")).toContain("Error pinging Docker server");
  });
});

describe("a volume that changes (observed elsewhere)", () => {
  test.each([
    ["name", "plain"],
    ["driver", "retained"],
    ["driverOpts", "tuned"],
    ["labels", "labelled"],
  ])("is replaced after a change of its %s; the old volume is deleted first", (input, name) => {
    const { events } = story.changePreview.result;
    expect(events.steps(name)).toEqual(["delete-replaced", "replace", "create-replacement"]);
    expect(events.replacementReasons(name)).toEqual([input]);
    expect(story.changePreview.clients).toBe(0);
  });

  test("is removed under its old name after a change of its name", () => {
    expect(story.changed.result.exitCode).toBe(0);
    expect(story.changed.volumes).toContain("renamed");
    expect(story.changed.volumes).not.toContain("plain");
  });
});

describe("destroy (observed elsewhere)", () => {
  test("rejects a protected volume after it has deleted the others", () => {
    expect(story.destroyed.result.exitCode).toBe(1);
    expect(story.destroyed.result.events.said("protected", "error")).toContain("because it is protected");
    expect(story.destroyed.volumes).toEqual(new Set(["protected", "retained"]));
  });

  test("keeps a volume with retainOnDelete on the server", () => {
    expect(story.destroyed.state.has("retained")).toBe(false);
    expect(story.destroyed.volumes).toContain("retained");
  });
});
