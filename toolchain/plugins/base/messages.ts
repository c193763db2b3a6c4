import proto from "@pulumi/pulumi/proto/provider_pb.js";
import type { CheckResponse, DiffResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import type { ChangeKind, Difference } from "./difference.ts";
import { toStruct, type Properties } from "./property.ts";
import type { Path } from "./secret.ts";
import { describe, type Problem } from "./validation.ts";

const kinds = proto.PropertyDiff.Kind;
const plainKinds = { add: kinds.ADD, delete: kinds.DELETE, update: kinds.UPDATE };
const replaceKinds = { add: kinds.ADD_REPLACE, delete: kinds.DELETE_REPLACE, update: kinds.UPDATE_REPLACE };

/** The answer to a check: the inputs with their defaults, and their problems. */
export function checkResponse(
  inputs: Properties,
  problems: readonly Problem[],
  secrets: readonly Path[],
): CheckResponse {
  const response = new proto.CheckResponse();
  response.setInputs(toStruct(inputs, secrets));
  for (const problem of problems) {
    const failure = new proto.CheckFailure();
    // Not setProperty: the engine would print the property's value, even a secret in plain text.
    failure.setReason(describe(problem));
    response.addFailures(failure);
  }
  return response;
}

/** The answer to a diff, with every changed path for the preview. */
export function diffResponse(difference: Difference): DiffResponse {
  const { changes, replaces } = difference;
  const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
  const response = new proto.DiffResponse();
  response.setChanges(changes.size > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...new Set([...changes.keys()].map(topLevel))]);
  response.setReplacesList([...new Set(replaces.map(topLevel))]);
  response.setDeletebeforereplace(difference.deleteBeforeReplace ?? false);
  response.setHasdetaileddiff(true);
  const detailed = response.getDetaileddiffMap();
  for (const [path, kind] of changes) detailed.set(path, propertyDiff(kind, replaces.includes(path)));
  return response;
}

function propertyDiff(kind: ChangeKind, replaces: boolean): InstanceType<typeof proto.PropertyDiff> {
  const diff = new proto.PropertyDiff();
  diff.setKind((replaces ? replaceKinds : plainKinds)[kind]);
  return diff;
}

/** The name of the property in which a path begins; the engine wants these beside the detailed paths. */
function topLevel(path: string): string {
  return path.split(/[.[]/, 1)[0] ?? path;
}
