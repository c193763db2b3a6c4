import type { Problem } from "../problem.ts";
import type { Stack } from "./stack.ts";

/** Compose skips every key that begins with `x-`, so nothing called `x` can have a colour behind its name. */
const extension = "x";

/** Requires that the names of both colours are none that Compose skips. */
export function ensureColoursAreRead({ services }: Pick<Stack, "services">): Problem[] {
  const released = services.filter(({ part }) => part === "release");
  const named = released.filter(({ name }) => name === extension);
  const attached = released.filter(({ attachments }) => attachments.some(({ key }) => key.startsWith(`${extension}-`)));
  return [
    ...named.map((): Problem => {
      const todo = "choose another name, and give it the alias 'x' in its networks for those who call it";
      return { path: `compose.services.${extension}`, what: refused, todo };
    }),
    ...attached.slice(0, 1).map((): Problem => {
      return { path: `compose.networks.${extension}`, what: refused, todo: "choose another name" };
    }),
  ];
}

const refused = "would be x-blue and x-green in the release's files, where Compose skips all that begins with 'x-'";
