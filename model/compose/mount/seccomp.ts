import { posix } from "node:path";
import { listOf, textOf, type Json } from "../../json.ts";
import type { SeccompProfile } from "../application.ts";
import { resolveText, type ReaderContext } from "../context.ts";
import { readFileMount } from "./files.ts";
import type { NormalService } from "../normal-service.ts";
import { shortSum } from "../../sum.ts";

/** Words that name no file. */
const builtIn = ["unconfined", "builtin"];

/**
 * The profiles for seccomp that `security_opt` names by a file. Compose reads such a file below the folder of the
 * project and passes its content on, so it is delivered like a mounted file.
 */
export function readSeccompProfiles(context: ReaderContext, name: string, service: NormalService): SeccompProfile[] {
  return listOf(service.fields["security_opt"]).flatMap((option, index) => {
    const file = profileFile(context, option, service.place("security_opt", String(index)));
    if (file === undefined) return [];
    const { written, path, place } = file;
    if (path.startsWith("/")) {
      context.notes.push(`${name}: Compose on the server reads the profile ${path} there; it is not delivered`);
      return [];
    }
    const mount = readFileMount(context, { path, target: "", readOnly: true, place });
    const [found] = mount?.files ?? [];
    return found === undefined ? [] : [{ option: written, path: withSum(path, found.content), content: found.content }];
  });
}

function profileFile(context: ReaderContext, option: Json, place: string) {
  const written = textOf(option) ?? "";
  // Compose splits at the first equals sign, and at a colon where there is none.
  const file = /^seccomp(?:=|:(?!.*=))(.*)$/.exec(written)?.[1];
  if (file === undefined || builtIn.includes(file)) return undefined;
  const path = resolveText(context, file, { place, name: "security_opt" });
  if (path === undefined || builtIn.includes(path)) return undefined;
  return { written, path: posix.normalize(path), place };
}

/** A name that tells the content: Compose recreates a service for another path, but not for another content. */
function withSum(path: string, content: Uint8Array): string {
  const { dir, name, ext } = posix.parse(path);
  return posix.join(dir, `${name}.${shortSum(content)}${ext}`);
}
