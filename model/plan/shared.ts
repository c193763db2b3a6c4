import type { WrittenFile } from "../facts/observation.ts";
import { renderShared } from "../render/shared.ts";
import type { Stack, StackHost } from "../stack/stack.ts";
import { filesDocument, secretsDocument } from "./documents.ts";
import { writtenBelow, writtenFiles, type DocumentNumbers, type PlannedDocument } from "./planned-document.ts";
import { withNetworks } from "./networks-document.ts";
import { afterDocument, sharedDocument } from "./service-documents.ts";

/** The documents of the services that stay from release to release. */
export interface SharedDocuments {
  /** Undefined if they mount no file of the repository. */
  readonly files: PlannedDocument | undefined;
  readonly secrets: PlannedDocument;
  /** Those that start before the release; undefined if all wait for it. */
  readonly before: PlannedDocument | undefined;
  /** Those that start after the release; undefined if none waits for it. */
  readonly after: PlannedDocument | undefined;
}

/** The documents of the shared services, and the files that they mount once the plan is applied. */
interface PlannedShared {
  readonly documents: SharedDocuments;
  readonly written: readonly WrittenFile[];
}

interface SharedFacts {
  readonly numbers: DocumentNumbers;
  /** The files as they are on the server. */
  readonly known: readonly WrittenFile[];
}

/** Plans the shared services. The files and secrets of all of them are there before the first one starts. */
export function planShared(
  { directory, variables }: Stack,
  { parts, networks }: StackHost,
  { numbers, known }: SharedFacts,
): PlannedShared | undefined {
  const before = parts.before && renderShared(parts.before);
  const after = parts.after && renderShared(parts.after);
  if (before === undefined && after === undefined) return undefined;
  const delivered = { ...before?.files, ...after?.files };
  const hasFiles = Object.keys(delivered).length > 0;
  const files = hasFiles ? numbers.plan(filesDocument(directory, delivered)) : undefined;
  const written = files === undefined ? [] : writtenFiles(files, known);
  const secret = {
    envFiles: { ...before?.envFiles, ...after?.envFiles },
    secrets: { ...before?.secrets, ...after?.secrets },
  };
  const secrets = numbers.plan(secretsDocument({ directory, variables }, secret));
  const facts = {
    variables,
    written: (path: string) => writtenBelow(written, path),
    before: Object.keys(before?.services ?? {}),
    after: Object.keys(after?.services ?? {}),
  };
  return {
    documents: {
      files,
      secrets,
      before: before && numbers.plan(withNetworks(sharedDocument(before, facts), networks, parts.before.services)),
      after: after && numbers.plan(withNetworks(afterDocument(after, facts), networks, parts.after.services)),
    },
    written,
  };
}
