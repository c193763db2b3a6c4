import type { DropStmt, Node, ObjectType } from "libpg-query";
import type { Kind } from "./created.ts";
import { objectName, quoted, type ObjectName } from "./name.ts";
import type { RuleName } from "../rule.ts";
import type { Found, Scope } from "./scope.ts";

interface DroppedKind {
  readonly noun: string;
  readonly kind: Kind;
  readonly rule: RuleName;
}

const dropped: Partial<Record<ObjectType, DroppedKind>> = {
  OBJECT_TABLE: { noun: "table", kind: "relation", rule: "drop-table" },
  OBJECT_FOREIGN_TABLE: { noun: "foreign table", kind: "relation", rule: "drop-table" },
  OBJECT_VIEW: { noun: "view", kind: "relation", rule: "drop-object" },
  OBJECT_MATVIEW: { noun: "materialized view", kind: "relation", rule: "drop-object" },
  OBJECT_SEQUENCE: { noun: "sequence", kind: "relation", rule: "drop-object" },
  OBJECT_INDEX: { noun: "index", kind: "relation", rule: "drop-index" },
  OBJECT_SCHEMA: { noun: "schema", kind: "schema", rule: "drop-object" },
  OBJECT_TYPE: { noun: "type", kind: "type", rule: "drop-object" },
  OBJECT_DOMAIN: { noun: "domain", kind: "type", rule: "drop-object" },
  OBJECT_FUNCTION: { noun: "function", kind: "function", rule: "drop-object" },
  OBJECT_PROCEDURE: { noun: "procedure", kind: "function", rule: "drop-object" },
  OBJECT_ROUTINE: { noun: "function", kind: "function", rule: "drop-object" },
  OBJECT_AGGREGATE: { noun: "aggregate", kind: "function", rule: "drop-object" },
};

/** Kinds whose names begin with that of their table. */
const ofTables: readonly (ObjectType | undefined)[] = ["OBJECT_TRIGGER", "OBJECT_POLICY", "OBJECT_RULE"];

/** Judges statements that drop something; undefined for others. */
export function judgeDrop(node: Node, scope: Scope): Found[] | undefined {
  if ("DropStmt" in node) return judgeObjects(node.DropStmt, scope);
  if ("DropdbStmt" in node)
    return [{ rule: "drop-object", what: `database '${node.DropdbStmt.dbname ?? ""}' is dropped` }];
  if ("DropOwnedStmt" in node) return [{ rule: "drop-object", what: "all that a role owns is dropped" }];
  if ("DropTableSpaceStmt" in node) return [{ rule: "drop-object", what: "a tablespace is dropped" }];
  if ("DropSubscriptionStmt" in node) return [{ rule: "drop-object", what: "a subscription is dropped" }];
  if ("DropUserMappingStmt" in node) return [{ rule: "drop-object", what: "a user mapping is dropped" }];
  return undefined;
}

function judgeObjects({ objects = [], removeType, concurrent = false }: DropStmt, scope: Scope): Found[] {
  const { created, transaction } = scope;
  const names = objects.map((object) => objectName(object));
  const known = removeType === undefined ? undefined : dropped[removeType];
  const noun = known?.noun ?? nounOf(removeType);
  const old = names.filter(({ parts, text }) =>
    known === undefined
      ? !isNewPart({ parts, text }, removeType, scope)
      : !created.has(known.kind, known.kind === "function" ? functionParts({ parts, text }) : parts),
  );
  if (known !== undefined && known.kind !== "function") names.forEach(({ parts }) => created.remove(known.kind, parts));
  const isToolsOwn = removeType === "OBJECT_TABLE" && old.every(({ parts }) => parts.at(-1) === "alembic_version");
  if (old.length === 0 || isToolsOwn) return [];
  const subject = `${noun} ${quoted(old.map(({ text }) => text))} ${old.length === 1 ? "is" : "are"} dropped`;
  const found: Found[] = [{ rule: known?.rule ?? "drop-object", what: subject }];
  if (removeType !== "OBJECT_INDEX") return found;
  if (!concurrent) return [...found, { rule: "index-lock", what: `${subject} without CONCURRENTLY` }];
  const what = `${subject} CONCURRENTLY in a transaction`;
  return transaction.isOpen ? [...found, { rule: "concurrently-in-transaction", what }] : found;
}

/** The name of a function as it is remembered: with the types of its arguments where they are known. */
export function functionParts({ parts, text }: ObjectName): string[] {
  const types = /\(.*\)$/.exec(text)?.[0] ?? "";
  return [...parts.slice(0, -1), `${parts.at(-1) ?? ""}${types}`];
}

/** Tells whether a trigger, a policy or another thing is new, or belongs to a new table. */
function isNewPart({ parts, text }: ObjectName, type: ObjectType | undefined, { created }: Scope): boolean {
  if (!ofTables.includes(type)) return created.has("other", [nounOf(type), text]);
  const table = parts.slice(0, -1);
  return created.has("relation", table) || created.has("other", [nounOf(type), ...table, parts.at(-1) ?? ""]);
}

/** The word for a kind, such as `text search parser`. */
export function nounOf(type: ObjectType | undefined): string {
  const word = (type ?? "").replace("OBJECT_", "").toLowerCase();
  return word.replaceAll("_", " ");
}
