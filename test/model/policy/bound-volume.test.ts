import { describe, expect, it, test } from "vitest";
import type { Application, ApplicationVolume } from "../../../model/compose/application.ts";
import { claimOf } from "../../../model/plan/claim.ts";
import type { Deployment } from "../../../model/stack/deployment.ts";
import { stackOf } from "../../../model/stack/derive.ts";
import { hostOf } from "../stack/main-host.ts";
import { broken, one, root } from "./broken.ts";

const mount = { type: "volume", source: "data", target: "/data", readOnly: false } as const;

/** A service that mounts a volume which is made with these options. */
function made(volume: ApplicationVolume, readOnly = false): Deployment {
  const asked = one({ mounts: [{ ...mount, readOnly }] });
  const application: Application = { ...asked.application, volumes: { data: volume } };
  return { ...asked, application };
}

function bound(device: string, readOnly = false): Deployment {
  return made({ options: { type: "none", o: "bind", device } }, readOnly);
}

describe("a volume that is a folder of the server by its options (SEC-D1)", () => {
  it("is a mount of that folder for the policy", () => {
    expect(broken(bound("/etc"))).toEqual([
      "mounts api: mounts a path of the server, got '/etc': it can change the server's own files there",
    ]);
    expect(broken(bound("/etc/ssl/certs/../../", true))).toEqual([
      "mounts api: mounts a path of the server, got '/etc': it can read the server's own files there",
    ]);
    expect(broken(bound("/mnt/photos"))).toEqual([]);
  });

  it.each(["/", "/run", "//var//run/"])("is a mount of the engine's socket where it is %s", (device) => {
    expect(broken(bound(device))[0]).toMatch(/^socket api: mounts the engine's socket, got '[^']+': /);
    expect(broken(bound(device))[0]).toContain(root);
  });

  it("is held by the claim under its name and its folder, so that no other stack gets either (A5)", () => {
    const asked = bound("/srv/other/data");
    expect(claimOf(stackOf(asked), hostOf(asked)).volumes).toEqual({ shop_data: "api", "/srv/other/data": "api" });
  });

  it("is a line of the plan", () => {
    expect(stackOf(bound("/srv/x")).notes).toContain("volumes.data: is the folder /srv/x of the server");
  });
});

test.each<[string, ApplicationVolume, string]>([
  ["a disk", { options: { type: "ext4", device: "/dev/sda1" } }, "ext4 /dev/sda1"],
  [
    "an overlay of its folders",
    { options: { type: "overlay", device: "overlay", o: "lowerdir=/etc,upperdir=/a,workdir=/b" } },
    "overlay overlay",
  ],
  ["what a plugin makes", { driver: "rclone", options: { secret: "word" } }, "driver rclone"],
])("the rule `mounts` finds a volume that is %s (SEC-D1)", (_, volume, got) => {
  expect(broken(made(volume))).toEqual([
    `mounts api: mounts what is the server's own by the volume 'data', got '${got}': nobody sees here what it holds`,
  ]);
});

test("the rule `mounts` allows a share of another machine, and the plan tells it without its password", () => {
  const share = { options: { type: "cifs", device: "//nas/data", o: "username=a,password=secret" } };
  expect(broken(made(share))).toEqual([]);
  expect(broken(made({ options: { type: "tmpfs", device: "tmpfs" } }))).toEqual([]);
  const { notes } = stackOf(made(share));
  expect(notes.filter((note) => note.startsWith("volumes."))).toEqual([
    "volumes.data: is made by the driver 'local' with type 'cifs' and device '//nas/data', as under Compose",
  ]);
});
