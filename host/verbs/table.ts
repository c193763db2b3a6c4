import type { DocumentKind } from "../../model/document/bodies.ts";
import { Failure, sameVersion } from "../failure.ts";
import { adoption } from "./adoption.ts";
import { claim } from "./claim.ts";
import { compose } from "./compose.ts";
import { confirm } from "./confirm.ts";
import { directory } from "./directory.ts";
import { files } from "./files.ts";
import { images } from "./images.ts";
import { migration } from "./migration.ts";
import { networks } from "./networks.ts";
import { rollout } from "./rollout.ts";
import { secrets } from "./secrets.ts";
import type { Verb } from "./verb.ts";
import { volume } from "./volume.ts";

type Table = { readonly [Kind in DocumentKind]: Verb<Kind> };

/** All verbs, by the kind of their documents. */
const verbs: Table = {
  claim,
  directory,
  files,
  secrets,
  adoption,
  networks,
  volume,
  images,
  compose,
  migration,
  rollout,
  confirm,
};

/** The verb of a kind of documents. */
export function verbOf<Kind extends DocumentKind>(kind: Kind): Verb<Kind> {
  return verbs[kind];
}

/** Checks that a word from outside names a verb. */
export function requireKind(word: string): DocumentKind {
  const kind = Object.values(verbs).find((known) => known.kind === word)?.kind;
  if (kind !== undefined) return kind;
  throw new Failure("slipway", `there is no verb '${word}'; ${sameVersion}`);
}
