import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { base } from "../../hosts/image/images.ts";
import { recipeTag } from "../../hosts/image/recipe.ts";
import { docker } from "./docker.ts";

/**
 * Swaps everything below a mount for links that lead out of it, as fast as one processor can: each draft of a file, the
 * file that is delivered there, and the folder of another. In between the places are free, or hold a folder.
 */
const swaps = `
  my $out = shift;
  for (my $i = 0; ; $i++) {
    if (opendir(my $d, "/conf")) {
      for (readdir $d) {
        next unless /^\\.slipway|^[0-9]+\\./;
        unlink "/conf/$_" and symlink("$out/target", "/conf/$_");
      }
    }
    unlink "/conf/a.conf"; symlink("$out/target", "/conf/a.conf") if $i % 3 == 0;
    rename "/conf/sub", "/conf/away"; symlink($out, "/conf/sub");
    unlink "/conf/sub" if $i % 2; rename "/conf/away", "/conf/sub" if $i % 2;
    unlink "/conf/away/target"; rmdir "/conf/away";
  }`;

/** A container that runs as root, mounts one folder of a stack so that it can write there, and swaps all in it. */
export class Swapper implements Disposable {
  readonly #name: string;
  /** A folder of the server's own, with the file that the container wants. */
  readonly outside: string;

  constructor(name: string, folder: string, mounted: string) {
    this.#name = name;
    this.outside = join(folder, "outside");
    mkdirSync(this.outside, { mode: 0o700 });
    writeFileSync(join(this.outside, "target"), "root's", { mode: 0o600 });
    mkdirSync(mounted, { recursive: true });
    const mount = `${mounted}:/conf`;
    docker("run", "--detach", "--name", name, "--volume", mount, recipeTag(base), "perl", "-e", swaps, this.outside);
  }

  /** Everything about the server's own folder: what it holds, and of each file content, owner, mode and inode. */
  state(): string[] {
    const form = (path: string): string => {
      const { uid, gid, mode, ino } = statSync(path);
      return [path, uid, gid, mode.toString(8), ino].join(" ");
    };
    const names = readdirSync(this.outside);
    return [
      form(this.outside),
      ...names.map((name) => `${form(this.#at(name))} ${readFileSync(this.#at(name), "utf8")}`),
    ];
  }

  /** Tells whether it is still at it. */
  isAtWork(): boolean {
    return docker("inspect", "--format", "{{.State.Running}}", this.#name) === "true";
  }

  [Symbol.dispose](): void {
    docker("rm", "--force", this.#name);
  }

  #at(name: string): string {
    return join(this.outside, name);
  }
}
