/**
 * Stands in for npm's resolver, which Pulumi's SDK loads with every program to find what a function needs that shall run in a cloud. No resource of ours holds a function
 * (docs/decisions/0004-no-resolver-of-npm.md).
 */
export function Arborist(): never {
  throw new Error("a resource holds a function, for which Pulumi needs npm's resolver; package.json leaves that out");
}
