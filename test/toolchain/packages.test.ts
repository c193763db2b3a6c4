import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mustRun } from "../../toolchain/must-run.ts";
import { debianPackage } from "../../toolchain/sources/debian-package.ts";
import { goModule } from "../../toolchain/sources/go-module.ts";
import { npmPackage } from "../../toolchain/sources/npm-package.ts";
import { pythonWheel } from "../../toolchain/sources/python-wheel.ts";
import type { Source, Tool } from "../../toolchain/tool.ts";
import { hammer } from "./fake-tool.ts";
import { ground, type Ground } from "./sandbox.ts";

const commands = { hammer: "bin/hammer" };
const forecast = "fetches a hammer";

function from(...sources: readonly Source[]): Tool {
  return { ...hammer(), sources };
}

/** Lines of shell that write a hammer into the folder `$1`. */
const writeHammer = [
  'mkdir -p "$1/bin"',
  'echo "#!/bin/sh" > "$1/bin/hammer"',
  'echo "echo hammer 2.0.0" >> "$1/bin/hammer"',
];

const program = goModule({
  module: "pebble",
  package: "example.com/hammer",
  command: "hammer",
  tags: ["iron"],
  fast: ["std"],
  forecast,
});

/** A Go that notes its words and its caches, lists three packages and builds a hammer. */
function fakeGo({ place, command }: Ground): string {
  const log = join(place.cacheDirectory, "..", "go.log");
  command(
    "go",
    `echo "$* $GOMODCACHE $GOCACHE $XDG_CONFIG_HOME $GOGC" >> "${log}"`,
    '[ "$1" = version ] && echo go version go1.26.8 && exit',
    '[ "$1" = list ] && echo fmt && echo os && echo example.com/hammer && exit',
    "ls go.mod go.sum > /dev/null || exit 9",
    'while [ "$1" != -o ]; do shift; done',
    'echo "#!/bin/sh" > "$2"',
    'echo "echo hammer 2.0.0" >> "$2"',
    '/usr/bin/chmod +x "$2"',
  );
  return log;
}

test("a Go program is built from its pinned module, with all of Go's folders in the cache and none left", async () => {
  const here = ground();
  const log = fakeGo(here);
  const outcomes = await here.run(from(program));
  expect(outcomes[0]).toMatchObject({ fresh: true, installed: { origin: "built" } });
  const kept = join(here.place.cacheDirectory, "unfinished", "hammer-2.0.0");
  const stage = join(here.place.cacheDirectory, "stages", "hammer-2.0.0");
  const settings = join(here.place.cacheDirectory, "go", "settings");
  const compile = "-gcflags=all=-dwarf=false -l -gcflags=std=-dwarf=false";
  const flags = `-mod=readonly -trimpath -buildvcs=false ${compile} -tags=iron`;
  expect(readFileSync(log, "utf8").trim().split("\n").slice(1)).toEqual([
    `list -deps ${flags} example.com/hammer ${kept}/modules ${kept}/built ${settings} 400`,
    `build -v ${flags} -o ${stage}/folder/hammer -ldflags=-s -w example.com/hammer ${kept}/modules ${kept}/built ${settings} 400`,
  ]);
  expect(existsSync(kept)).toBe(false);
});

test("rejects a Go build that fails, and shows the end of what Go wrote", async () => {
  const here = ground();
  here.command("go", '[ "$1" = version ] && echo go1.26.8 && exit', "echo no such module >&2", "exit 1");
  await expect(here.run(from(program))).rejects.toThrow(
    /^hammer 2\.0\.0: .*go list .* ended with code 1\nno such module$/,
  );
});

function wheel(sha256: string): Tool {
  const pins = { [process.arch]: sha256 };
  return from(pythonWheel({ package: "hammer-bin", version: "2.0.0", sha256: pins, forecast, commands }));
}

test("a wheel is unpacked by pip under its pinned checksum, without what it needs", async () => {
  const here = ground();
  const log = join(here.place.cacheDirectory, "..", "pip.log");
  here.command(
    "python3",
    '[ "$3" = --version ] && echo pip 23.0.1 && exit',
    `echo "$*" > "${log}"`,
    'while [ "$1" != --requirement ]; do shift; done',
    `cat "$2" >> "${log}"`,
    "shift 3",
    ...writeHammer,
  );
  await here.run(wheel("abc"));
  const written = readFileSync(log, "utf8");
  expect(written).toContain("-m pip install --quiet --no-deps --only-binary=:all: --no-cache-dir");
  expect(written).toContain("--require-hashes");
  expect(written.trim().split("\n").at(-1)).toBe("hammer-bin==2.0.0 --hash=sha256:abc");
});

test("rejects a wheel for a processor that none is pinned for", async () => {
  const other = pythonWheel({ package: "hammer-bin", version: "2.0.0", sha256: {}, forecast, commands });
  await expect(ground().run(from(other))).rejects.toThrow(
    `PyPI hammer-bin 2.0.0: no wheel for ${process.platform} ${process.arch} is pinned`,
  );
});

test("a Debian package and what it lacks are unpacked and not installed, and start with the libraries and programs beside them", async () => {
  const here = ground();
  const log = join(here.place.cacheDirectory, "..", "apt.log");
  here.command(
    "apt-get",
    `echo "$*" >> "${log}"`,
    'for word; do case $word in Dir::Cache::archives=*) cd "${word#*=}"; echo > hammer.deb; echo > libiron.deb;; esac; done',
  );
  here.command(
    "dpkg-deb",
    'mkdir -p "$3/usr/bin" "$3/usr/lib/x86_64-linux-gnu"',
    'echo "#!/bin/sh" > "$3/usr/bin/hammer"',
    'echo "echo hammer 2.0.0 \\$LD_LIBRARY_PATH; nail" >> "$3/usr/bin/hammer"',
    'echo "#!/bin/sh" > "$3/usr/bin/nail"',
    'echo "echo holds" >> "$3/usr/bin/nail"',
    '/usr/bin/chmod +x "$3/usr/bin/hammer" "$3/usr/bin/nail"',
  );
  const debian = from(debianPackage({ packages: ["hammer"], commands: { hammer: "usr/bin/hammer" } }));
  const [outcome] = await here.run(debian);
  const folder = join(here.place.cacheDirectory, "hammer-2.0.0");
  expect(await mustRun([outcome?.installed.commands["hammer"] ?? ""])).toBe(
    `hammer 2.0.0 ${folder}/root/usr/lib/x86_64-linux-gnu\nholds`,
  );
  const words = readFileSync(log, "utf8").trim().split("\n");
  expect(words.map((line) => line.replace(/-o \S+=\S* /g, ""))).toEqual([
    "-q update",
    expect.stringMatching(/^-q install --download-only --reinstall --yes --no-install-recommends .*hammer$/),
  ]);
  expect(words[0]).toContain(`Dir::State::lists=${here.place.cacheDirectory}/apt/lists`);
});

test("rejects a Debian package on a machine without apt", async () => {
  const debian = from(debianPackage({ packages: ["hammer"], commands }));
  await expect(ground().run(debian)).rejects.toThrow("Debian's hammer: there is no apt-get here");
});

async function npmGround(): Promise<{ here: Ground; integrity: string }> {
  const here = ground();
  here.file("package/bin/hammer", "#!/bin/sh\necho hammer 2.0.0\n");
  const archive = join(here.place.checkout, "hammer.tgz");
  await mustRun(["tar", "-czf", archive, "-C", here.place.checkout, "package"]);
  here.command("npm", `cp "${archive}" "$4/hammer-2.0.0.tgz"`);
  return { here, integrity: `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}` };
}

function npmTool(integrity: string): Tool {
  const packages = { any: { name: "@smith/hammer", integrity } };
  return from(npmPackage({ packages, version: "2.0.0", forecast, commands }));
}

test("an npm package with the pinned integrity is unpacked", async () => {
  const { here, integrity } = await npmGround();
  expect(await here.run(npmTool(integrity))).toMatchObject([
    { fresh: true, installed: { origin: "downloaded", detail: "npm @smith/hammer@2.0.0" } },
  ]);
});

test("rejects an npm package with another integrity, and keeps nothing of it", async () => {
  const { here } = await npmGround();
  await expect(here.run(npmTool("sha512-other"))).rejects.toThrow(
    /^hammer 2\.0\.0: @smith\/hammer@2\.0\.0: the checksum is wrong, got sha512-.+ instead of sha512-other; trust neither$/,
  );
  expect(readdirSync(here.place.cacheDirectory)).not.toContain("hammer-2.0.0");
  expect(readdirSync(join(here.place.cacheDirectory, "unfinished", "hammer-2.0.0"))).toEqual([]);
});
