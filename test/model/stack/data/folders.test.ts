import { describe, expect, it } from "vitest";
import type { FolderMount, Mount } from "../../../../model/compose/application.ts";
import { describeProblem } from "../../../../model/problem.ts";
import { stackOf } from "../../../../model/stack/derive.ts";
import {
  ensureFoldersAreFree,
  ensureFoldersKeepTheirPlaces,
  ensureNoLinkLeadsToFolders,
} from "../../../../model/stack/data/folders.ts";
import type { Stack } from "../../../../model/stack/stack.ts";
import { deployment, service } from "../aaperture.ts";
import { hostOf } from "../main-host.ts";

const folder = (source: string, path: string, target = "/x"): FolderMount => {
  return { type: "folder", source, path, target, readOnly: false };
};

function stack(...mounts: readonly (readonly Mount[])[]): Stack {
  return stackOf(deployment(mounts.map((own, index) => service(`s${index}`, { image: "app", mounts: own }))));
}

describe("a data folder of a stack", () => {
  it("is guarded once, for the service that declares it, else for the first one that writes it", () => {
    const shared = folder("data", "/srv/data");
    const given = deployment(
      [
        service("api", { mounts: [{ ...shared, readOnly: true }] }),
        service("web", { mounts: [shared] }),
        service("job", { mounts: [shared, folder("data/job", "/srv/data/job")] }),
      ],
      { job: { data: { folder: "./data/job" } } },
    );
    expect(hostOf(given).volumes).toEqual([
      { name: "data", volume: "/srv/data", service: "job", data: "files", cluster: undefined, major: undefined },
      {
        name: "data/job",
        volume: "/srv/data/job",
        service: "job",
        data: "files",
        cluster: undefined,
        major: undefined,
      },
    ]);
    const declared = deployment([service("api", { mounts: [shared] }), service("web", { mounts: [shared] })], {
      web: { data: { folder: "data" } },
    });
    expect(hostOf(declared).volumes).toMatchObject([{ service: "web" }]);
  });

  it("of Postgres is known by its cluster, whatever the image is called", () => {
    const mounts = [folder("pg", "/srv/pg", "/var/lib/postgresql/data")];
    expect(hostOf(deployment([service("db", { image: "registry.test/db:1", mounts })])).volumes).toMatchObject([
      { volume: "/srv/pg", data: "postgres", cluster: "." },
    ]);
  });

  it("lies on the server as beside the compose file: in another one, around it, or apart", () => {
    const good = stack([folder("a", "/srv/a"), folder("a/b", "/srv/a/b")], [folder("a", "/srv/a"), folder("c", "/c")]);
    expect(ensureFoldersKeepTheirPlaces(good)).toEqual([]);
    const apart = stack([folder("a", "/srv/a")], [folder("a/b", "/mnt/b")]);
    expect(ensureFoldersKeepTheirPlaces(apart).map(describeProblem)).toEqual([
      "compose.services.s1.volumes: mount './a/b', which lies in './a' in the repository and not on the server, " +
        "got '/mnt/b' and '/srv/a'; set `path` to '/srv/a/b', or remove './a/b' from `folders`",
    ]);
    const nested = stack([folder("b", "/srv/b"), folder("a", "/srv")]);
    expect(ensureFoldersKeepTheirPlaces(nested).map(describeProblem)).toEqual([
      "compose.services.s0.volumes: mount './b', which lies apart from './a' in the repository and not on the " +
        "server, got '/srv/b' and '/srv'; set a `path` outside of '/srv'",
    ]);
    expect(ensureFoldersKeepTheirPlaces(stack([folder("a", "/srv/a"), folder("b", "/srv/a")]))).toHaveLength(1);
    const beside = stack([folder("data", "/srv/shop/data"), folder("../data", "/mnt/data")]);
    expect(ensureFoldersKeepTheirPlaces(beside)).toEqual([]);
  });

  it.each([
    ...["/srv/shop", "/srv", "/srv/shop/blue/data", "/srv/shop/.slipway", "/srv/shop/secrets/x"],
    ...["/srv/shop/slipway-env", "/srv/shop/slipway-env/x", "/srv/shop/compose-after.yaml"],
  ])("is rejected where slipway keeps its own files: %s", (path) => {
    expect(ensureFoldersAreFree(stack([folder("a", path)])).map(describeProblem)).toEqual([
      "compose.services.s0.volumes: mount a data folder where slipway keeps its own files on the server, " +
        `got '${path}'; give the folder another place with \`path\``,
    ]);
    expect(ensureFoldersAreFree(stack([folder("a", "/srv/shop/data")]))).toEqual([]);
  });
});

describe("a stack tells of its mounts", () => {
  const notes = (mounts: readonly Mount[], release = false): readonly string[] =>
    stackOf(
      deployment([service("web", { image: "app", mounts, restart: "unless-stopped" })], {
        web: { release, start: "with-release" },
      }),
    ).notes;

  it("which folders of the server Docker makes where they are missing", () => {
    const host = (source: string, create = true, readOnly = false): Mount => {
      return { type: "host", source, target: source, readOnly, options: { create_host_path: create } };
    };
    const bare: Mount = {
      type: "host",
      source: "/d",
      target: "/d",
      readOnly: false,
      options: { create_host_path: "no" },
    };
    expect(notes([bare])).toEqual([]);
    const ofServer = [host("/etc/localtime"), host("/"), host("/etc/pihole", true, true)];
    expect(notes([host("/srv/a"), ...ofServer, host("/srv/b", false), host("/etc/pihole/")])).toEqual([
      "web: Docker creates what is missing of /srv/a, /etc/pihole/ as empty folders, as Compose does; " +
        "name a folder that holds data in `folders`, and a run stops if it is lost",
    ]);
  });

  it("what becomes of anonymous volumes", () => {
    const mounts: Mount[] = [{ type: "volume", source: undefined, target: "/cache", readOnly: false }];
    expect(notes(mounts)).toEqual([
      "web: the anonymous volume at /cache stays while Compose recreates the service; a container that is removed " +
        "and made again gets a new one; give the volume a name if its data is to last",
    ]);
    expect(notes(mounts, true)).toEqual([
      "web: the anonymous volume at /cache is a new one in each release, as the image has it; the one before stays " +
        "on the server, unused",
    ]);
  });
});

describe("a data folder below a folder of the server that a service mounts (SEC-D6)", () => {
  const outer = (readOnly: boolean): Mount => ({ type: "host", source: "/srv/media/", target: "/media", readOnly });
  const problems = (...mounts: readonly Mount[]): string[] =>
    ensureNoLinkLeadsToFolders(stack([outer(false)], mounts)).map(describeProblem);

  it("is refused where the service may write there, since a link of its container would lead root away", () => {
    expect(problems(folder("db", "/srv/media/db"))).toEqual([
      "compose.services.s1.volumes: mount a data folder below one that 's0' can write, got '/srv/media/db' in " +
        "'/srv/media'; name '/srv/media' in `folders` as well, or mount it with `:ro`",
    ]);
  });

  it("is refused also where it is a volume that is bound there by its options", () => {
    const mount: Mount = { type: "volume", source: "db", target: "/db", readOnly: false };
    const asked = deployment([service("media", { mounts: [outer(false)] }), service("db", { mounts: [mount] })]);
    const volumes = { db: { options: { type: "none", o: "bind", device: "/srv/media/db" } } };
    const bound = stackOf({ ...asked, application: { ...asked.application, volumes } });
    expect(ensureNoLinkLeadsToFolders(bound).map(({ path, what }) => `${path}: ${what}`)).toEqual([
      "compose.services.db.volumes: mount a data folder below one that 'media' can write, got '/srv/media/db' in " +
        "'/srv/media'",
    ]);
  });

  it("is accepted beside it, in a folder that is only read, and in another data folder", () => {
    expect(problems(folder("db", "/srv/media2"))).toEqual([]);
    const found = ensureNoLinkLeadsToFolders(stack([outer(true)], [folder("db", "/srv/media/db")]));
    expect(found).toEqual([]);
    expect(problems(folder("/srv/other", "/srv/other"), folder("db", "/srv/other/db"))).toEqual([]);
  });
});
