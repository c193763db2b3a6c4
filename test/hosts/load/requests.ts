import { z } from "zod";

/** The addresses of an application of two services, each of which is the test application. */
export interface Targets {
  readonly api: string;
  readonly web: string;
}

const answeredSchema = z.object({
  /** What was asked, and whether its connection was kept from another request or new. */
  what: z.string(),
  /** When it was sent and when its answer had come, in milliseconds of the clock. */
  sent: z.number(),
  ended: z.number(),
  /** The release that answered; empty where none did. */
  release: z.string(),
  /** What a user would see as an error; empty if the answer is good. */
  problem: z.string(),
});

/** One request of a load, and what became of it. */
export type LoadedRequest = Readonly<z.output<typeof answeredSchema>>;

/** Reads the lines of the process that sends the load. */
export function readRequests(text: string): LoadedRequest[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => answeredSchema.parse(JSON.parse(line)));
}

/** A request that is to be sent. */
export interface Question {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly body?: string;
}

/** Milliseconds of the slow requests. */
const slowest = 2000;

/** The questions in turn: one of ten is slow, three of ten are POST, and two go through web to the api. */
const turns: readonly ((targets: Targets, number: number) => Question)[] = [
  ({ api }) => ({ method: "GET", url: `${api}/version` }),
  ({ web }) => ({ method: "POST", url: `${web}/upload`, body: "x".repeat(4000) }),
  ({ web }) => ({ method: "GET", url: `${web}/version` }),
  ({ web }) => ({ method: "GET", url: `${web}/call?url=http://api:8080/version` }),
  ({ api }) => ({ method: "POST", url: `${api}/upload`, body: "{}" }),
  ({ api }) => ({ method: "GET", url: `${api}/health` }),
  ({ web }) => ({ method: "GET", url: `${web}/health` }),
  ({ web }) => ({ method: "GET", url: `${web}/call?url=http://api:8080/version` }),
  ({ api }) => ({ method: "POST", url: `${api}/upload`, body: "x".repeat(100_000) }),
  ({ api }, number) => ({ method: "GET", url: `${api}/slow?ms=${(number * 37) % slowest}` }),
];

/** The question of a number, and whether it has a new connection: each kind goes both ways, half and half. */
export function questionOf(number: number, targets: Targets): { readonly question: Question; readonly isNew: boolean } {
  const pair = Math.floor(number / 2);
  const turn = turns[pair % turns.length];
  if (turn === undefined) throw new Error("there is no such turn");
  return { question: turn(targets, pair), isNew: number % 2 === 1 };
}
