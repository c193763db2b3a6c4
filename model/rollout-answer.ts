/** What the rollout verb answered last: which colour serves which release, and since when. */
export interface RolloutAnswer {
  readonly colour: string;
  readonly release: string;
  readonly since: string;
}

/** Reads the last line of the verb's stdout. */
export function readRolloutAnswer(stdout: string): RolloutAnswer {
  const answer: unknown = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
  const field = (name: string): string => {
    const value: unknown = Object.entries(answer ?? {}).find(([key]) => key === name)?.[1];
    return typeof value === "string" ? value : "";
  };
  return { colour: field("colour"), release: field("release"), since: field("since") };
}
