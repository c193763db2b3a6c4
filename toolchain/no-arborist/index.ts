/**
 * Replaces npm's resolver. Pulumi's SDK loads the resolver with every program, but uses it only for resources that hold
 * a function to run in a cloud. No resource of ours holds one (docs/decisions/0004-no-resolver-of-npm.md).
 */
export function Arborist(): never {
  throw new Error("a resource holds a function, for which Pulumi needs npm's resolver; package.json replaces that");
}
