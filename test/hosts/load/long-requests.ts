import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "../../../model/problem.ts";

/** A request or a connection that took long, and how it ended. */
export interface LongRequest {
  readonly what: string;
  /** The release that answered; empty where none did. */
  readonly release: string;
  /** `200` with the answer, the words of an event, or a code of a close; anything else is a break. */
  readonly end: string;
  /** When it ended, in milliseconds of the clock. */
  readonly at: number;
}

/** A request whose answer takes some milliseconds. */
export function slowRequest(base: string, milliseconds: number): Promise<LongRequest> {
  return longRequest(
    `a request of ${milliseconds / 1000} s`,
    request(`${base}/slow?ms=${milliseconds}`, own),
    (asked) => {
      asked.end();
    },
  );
}

/** An upload whose body takes some milliseconds. */
export function slowUpload(base: string, milliseconds: number): Promise<LongRequest> {
  const asked = request(`${base}/upload`, { method: "POST", ...own });
  return longRequest(`an upload of ${milliseconds / 1000} s`, asked, async () => {
    for (let sent = 0; sent < 10; sent += 1) {
      asked.write("x".repeat(1000));
      await pause(milliseconds / 10);
    }
    asked.end();
  });
}

/** A stream of server-sent events, until it ends. */
export function eventStream(base: string): Promise<LongRequest> {
  return longRequest("server-sent events", request(`${base}/events`, own), (asked) => void asked.end());
}

/** A WebSocket that sends a message ten times a second, until it is closed. */
export function webSocket(base: string): Promise<LongRequest> {
  const socket = new WebSocket(`${base.replace("http:", "ws:")}/socket`);
  const timer = setInterval(() => socket.readyState === WebSocket.OPEN && socket.send("hello"), 100);
  let echoed = 0;
  socket.addEventListener("message", () => (echoed += 1));
  return new Promise((resolve) => {
    socket.addEventListener("close", ({ code }) => {
      clearInterval(timer);
      resolve({ what: "a WebSocket", release: "", end: echoed === 0 ? "never open" : String(code), at: Date.now() });
    });
  });
}

/** A connection of its own for each request. */
const own = { agent: false } as const;

async function longRequest(
  what: string,
  asked: ClientRequest,
  send: (asked: ClientRequest) => Promise<void> | void,
): Promise<LongRequest> {
  const answered = new Promise<IncomingMessage>((resolve, reject) =>
    asked.once("response", resolve).on("error", reject),
  );
  try {
    const [answer] = await Promise.all([answered, send(asked)]);
    const release = String(answer.headers["x-app-release"] ?? "");
    const body = (await text(answer)).trim();
    const last = body.split("\n").slice(-2).join(" ");
    return { what, release, end: `${answer.statusCode ?? 0} ${last}`, at: Date.now() };
  } catch (error) {
    return { what, release: "", end: messageOf(error), at: Date.now() };
  }
}
