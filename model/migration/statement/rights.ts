import type { AlterOwnerStmt, CreatePolicyStmt, GrantStmt, Node } from "libpg-query";
import { functionParts, nounOf } from "./drop.ts";
import { objectName, quoted, relationName, relationText } from "./name.ts";
import type { Found, Scope } from "./scope.ts";

/** Judges statements about rights, roles and settings that outlive the session; undefined for others. */
export function judgeRights(node: Node, scope: Scope): Found[] | undefined {
  if ("GrantStmt" in node) return judgeGrant(node.GrantStmt, scope);
  if ("CreatePolicyStmt" in node) return judgePolicy(node.CreatePolicyStmt, scope);
  if ("AlterOwnerStmt" in node) return judgeOwner(node.AlterOwnerStmt, scope);
  if ("GrantRoleStmt" in node) {
    const isRevoked = node.GrantRoleStmt.is_grant !== true;
    return isRevoked ? [{ rule: "privileges", what: "a role is taken from another" }] : [];
  }
  if ("AlterDefaultPrivilegesStmt" in node) {
    const isRevoked = node.AlterDefaultPrivilegesStmt.action?.is_grant !== true;
    return isRevoked ? [{ rule: "privileges", what: "default privileges are taken away" }] : [];
  }
  if ("AlterPolicyStmt" in node) {
    const { policy_name: name = "", table } = node.AlterPolicyStmt;
    if (table !== undefined && scope.created.hasRelation(table)) return [];
    return [{ rule: "row-security", what: `policy '${name}' changes` }];
  }
  return judgeRoles(node);
}

function judgeRoles(node: Node): Found[] | undefined {
  if ("DropRoleStmt" in node) return [{ rule: "privileges", what: "a role is dropped" }];
  if ("AlterRoleStmt" in node) return [{ rule: "privileges", what: "a role changes" }];
  if ("ReassignOwnedStmt" in node) return [{ rule: "privileges", what: "all that a role owns gets another owner" }];
  if ("AlterRoleSetStmt" in node) return [{ rule: "settings", what: "a role gets a setting" }];
  if ("AlterSystemStmt" in node) return [{ rule: "settings", what: "the server gets a setting" }];
  if ("AlterDatabaseSetStmt" in node || "AlterDatabaseStmt" in node)
    return [{ rule: "settings", what: "the database gets a setting" }];
  return undefined;
}

function judgeGrant({ is_grant: isGrant, objects = [], objtype, targtype }: GrantStmt, { created }: Scope): Found[] {
  if (isGrant === true) return [];
  if (targtype !== "ACL_TARGET_OBJECT") return [{ rule: "privileges", what: "privileges of a schema are taken away" }];
  const old = objects
    .map((object) => objectName(object))
    .filter((name) => {
      if (objtype === "OBJECT_TABLE" || objtype === "OBJECT_SEQUENCE")
        return !created.hasLikely("relation", name.parts);
      if (objtype === "OBJECT_SCHEMA") return !created.hasLikely("schema", name.parts);
      if (objtype === "OBJECT_TYPE" || objtype === "OBJECT_DOMAIN") return !created.hasLikely("type", name.parts);
      return !created.hasLikely("function", functionParts(name));
    });
  if (old.length === 0) return [];
  return [{ rule: "privileges", what: `privileges of ${quoted(old.map(({ text }) => text))} are taken away` }];
}

function judgePolicy({ policy_name: name = "", table, permissive }: CreatePolicyStmt, { created }: Scope): Found[] {
  if (table === undefined || created.hasLikelyRelation(table)) return [];
  created.add("other", ["policy", ...relationName(table).parts, name]);
  // A permissive policy only shows more rows.
  if (permissive === true) return [];
  return [{ rule: "row-security", what: `policy '${name}' hides rows of '${relationText(table)}'` }];
}

function judgeOwner({ objectType, relation, object }: AlterOwnerStmt, { created }: Scope): Found[] {
  const name = relation === undefined ? objectName(object) : relationName(relation);
  const kinds = ["relation", "schema", "type", "other"] as const;
  if (kinds.some((kind) => created.hasLikely(kind, name.parts))) return [];
  if (created.hasLikely("function", functionParts(name))) return [];
  return [{ rule: "privileges", what: `the owner of ${nounOf(objectType)} '${name.text}' changes` }];
}
