import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { base } from "../../hosts/image/images.ts";
import { recipeTag } from "../../hosts/image/recipe.ts";
import { ensureImages } from "../../hosts/image/store.ts";
import { composeOnPath } from "./compose/compose-on-path.ts";
import { docker } from "./docker.ts";
import { HandMadeProject } from "./hand-made.ts";

beforeAll(async () => {
  await ensureImages([base], () => undefined);
  return await composeOnPath();
});

/** An image as many are: it exposes a port, and has a volume without a name. */
function usualImage(): string {
  const tag = `slipway-adoption-${process.pid}:usual`;
  const made = docker("create", recipeTag(base));
  docker("commit", "--change", "EXPOSE 80", "--change", "VOLUME /own", made, tag);
  docker("rm", made);
  onTestFinished(() => void docker("rmi", "--force", tag));
  return tag;
}

/** Takes a project's place, goes back, and requires that everything is as before. */
async function requireSame(project: HandMadeProject, meanwhile: () => void): Promise<void> {
  const before = project.containers();
  await project.takeOver();
  meanwhile();
  await project.goBack();
  expect(project.containers()).toEqual(before);
}

describe("a hand-made container that is gone (X1)", () => {
  it("is made again where it shares the network, the processes and the memory of another one", async () => {
    const image = usualImage();
    const project = new HandMadeProject({
      vpn: { ipc: "shareable" },
      web: { image, network_mode: "service:vpn", pid: "service:vpn", ipc: "service:vpn" },
    });
    await requireSame(project, () => project.loseContainers());
  });

  it("is made again where a container that it shares the network of is another one by now", async () => {
    const project = new HandMadeProject({ vpn: {}, web: { network_mode: "service:vpn" } });
    await requireSame(project, () => docker("rm", "--force", `${project.project}-vpn-1`));
  });

  it("is made again with volumes without a name and those of other containers", async () => {
    const image = usualImage();
    const project = new HandMadeProject({
      db: { image, volumes: ["/short", { type: "volume", target: "/long" }] },
      backup: { volumes_from: ["db:ro"], volumes: [{ type: "tmpfs", target: "/memory" }], tmpfs: ["/fast"] },
    });
    for (const folder of ["own", "short", "long"]) {
      docker("exec", `${project.project}-db-1`, "sh", "-c", `echo row > /${folder}/rows`);
    }
    await requireSame(project, () => project.loseContainers());
    for (const folder of ["own", "short", "long"]) {
      expect(docker("exec", `${project.project}-backup-1`, "cat", `/${folder}/rows`)).toBe("row");
    }
  });

  it("is made again in the networks of the engine, and with fixed addresses, links and limits", async () => {
    const project = new HandMadeProject(
      {
        host: { network_mode: "host" },
        none: { network_mode: "none" },
        bridge: { network_mode: "bridge", ports: ["80", "127.0.0.1::81"] },
        db: { networks: { fixed: { ipv4_address: "10.213.7.9" } }, hostname: "store", ulimits: { nofile: 500 } },
        web: { networks: { fixed: {} }, links: ["db:linked"], extra_hosts: ["a:10.0.0.1"], mem_limit: "50m" },
      },
      { networks: { fixed: { ipam: { config: [{ subnet: "10.213.7.0/24" }] } } } },
    );
    await requireSame(project, () => project.loseContainers());
    expect(docker("exec", `${project.project}-web-1`, "getent", "hosts", "linked")).toContain("10.213.7.9");
  });
});
