import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aptCommand, aptObstacle, updateLists } from "./apt.ts";
import type { Place } from "../cache/place.ts";
import { mustRun } from "../must-run.ts";
import { cached, type Stage } from "../cache/stage.ts";
import type { Source } from "../tool.ts";

/** A package of one release of Debian, whichever this machine runs. */
interface ReleasePackage {
  /** The codename of the release. */
  readonly release: string;
  readonly package: string;
  /** Each command with its path in the package. */
  readonly commands: Readonly<Record<string, string>>;
}

/**
 * Unpacks a package of another release of Debian into the cache, without its dependencies: it is for programs that need
 * only the C library. It comes from the mirror that apt uses on this machine, and apt checks it with its keys.
 */
export function debianRelease(wanted: ReleasePackage): Source {
  return cached({
    name: `Debian ${wanted.release}'s ${wanted.package}`,
    origin: "downloaded",
    forecast: `downloads and unpacks ${wanted.package} of Debian ${wanted.release}, about 10 seconds`,
    commands: wanted.commands,
    obstacle: (_tool, run) => Promise.resolve(aptObstacle(run.place)),
    deliver: (stage) => deliver(wanted, stage),
  });
}

async function deliver({ release, package: name }: ReleasePackage, stage: Stage): Promise<void> {
  await updateLists(stage.run.place, stage.progress);
  const mirror = await debianMirror(stage.run.place);
  stage.progress.status(`fetches the package lists of Debian ${release}`);
  const lists = join(stage.temporary, "lists");
  const sources = join(stage.temporary, "sources.list");
  mkdirSync(join(lists, "partial"), { recursive: true });
  writeFileSync(sources, `deb ${mirror} ${release} main\n`);
  const options = { "Dir::State::lists": lists, "Dir::Etc::sourcelist": sources, "Dir::Etc::sourceparts": "-" };
  const apt = [
    ...aptCommand(stage.run.place),
    ...Object.entries(options).flatMap(([key, to]) => ["-o", `${key}=${to}`]),
  ];
  await mustRun([...apt, "update"]);
  stage.progress.status("downloads the package");
  await mustRun([...apt, "download", name], { cwd: stage.temporary });
  for (const file of readdirSync(stage.temporary).filter((one) => one.endsWith(".deb")))
    await mustRun(["dpkg-deb", "-x", join(stage.temporary, file), stage.folder]);
}

/** The mirror from which this machine's apt gets Debian itself. */
async function debianMirror(place: Place): Promise<string> {
  const format = "$(ORIGIN) $(CODENAME) $(REPO_URI)"; // apt fills these in
  const lines = (await mustRun([...aptCommand(place), "indextargets", "--format", format])).split("\n");
  // The names of updates and security have an end of their own, and other mirrors.
  const [, uri] = lines.flatMap((line) => /^Debian [a-z]+ (\S+)$/.exec(line) ?? []);
  if (uri === undefined) throw new Error("apt gets no packages of Debian on this machine");
  return uri;
}
