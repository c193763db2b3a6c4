import type { DocumentKind } from "../../model/document/bodies.ts";
import { messageOf } from "../../model/problem.ts";
import { Failure } from "../failure.ts";

/** The document that a verb works on, as messages name it. */
interface NamedDocument {
  readonly kind: DocumentKind;
  readonly number: string;
  readonly resource: string;
}

/** A failure that names its document and its resource, also one of the engine or of a defect, which is its cause. */
export function namedFailure(error: unknown, { kind, number, resource }: NamedDocument): unknown {
  const document = `document ${number}`;
  const message = messageOf(error);
  if (message.includes(document)) return error;
  const [what = "", ...todo] = message.split("; ");
  const advice = todo.length > 0 ? todo.join("; ") : "run `pulumi up` again";
  const named = `${what} (${document} of ${resource}); ${advice}`;
  return error instanceof Failure ? new Failure(error.phase, named) : new Failure(kind, named, { cause: error });
}
