import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { messageOf } from "../../../model/problem.ts";
import { questionOf, type LoadedRequest, type Question } from "./requests.ts";

// send-load.ts <api> <web> <rate>: sends requests at a constant rate until its input ends, and writes a line for each.
// It is a process of its own, so that nothing else that a test does delays a request.
const [api = "", web = "", rate = ""] = process.argv.slice(2);
const kept = new Agent({ keepAlive: true, maxSockets: Infinity });
const fresh = new Agent({ keepAlive: false, maxSockets: Infinity });

/** Milliseconds for an answer. */
const limit = 30_000;

const calledSchema = z.object({ status: z.number(), body: z.string() });

function ask({ method, url, body }: Question, agent: Agent): Promise<IncomingMessage> {
  const headers = body === undefined ? {} : { "content-length": String(body.length) };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, agent, headers, signal: AbortSignal.timeout(limit) });
    asked.once("response", resolve).on("error", reject).end(body);
  });
}

/** The releases that an answer names: that of the proxy, that of the service, and that of a service behind it. */
function releasesOf(answer: IncomingMessage, { url }: Question, body: string): readonly string[] {
  const named = ["x-slipway-release", "x-app-release"].map((name) => String(answer.headers[name] ?? ""));
  if (!url.includes("/call")) return named;
  const called = calledSchema.parse(JSON.parse(body));
  return [...named, called.status === 200 ? called.body.replaceAll(/["\n]/g, "") : `${called.status} ${called.body}`];
}

async function answerOf(question: Question, agent: Agent): Promise<Pick<LoadedRequest, "release" | "problem">> {
  try {
    const answer = await ask(question, agent);
    const body = await text(answer);
    if (answer.statusCode !== 200) return { release: "", problem: `${answer.statusCode ?? 0} ${body.slice(0, 200)}` };
    const releases = releasesOf(answer, question, body);
    const [release = ""] = releases;
    const isOne = release !== "" && releases.every((one) => one === release);
    return { release, problem: isOne ? "" : `answered by different releases: ${releases.join(", ")}` };
  } catch (error) {
    return { release: "", problem: messageOf(error) };
  }
}

async function send(number: number): Promise<void> {
  const { question, isNew } = questionOf(number, { api, web });
  const sent = Date.now();
  const answer = await answerOf(question, isNew ? fresh : kept);
  const what = `${question.method} ${question.url} on a ${isNew ? "new" : "kept"} connection`;
  const line: LoadedRequest = { what, sent, ended: Date.now(), ...answer };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const began = performance.now();
let count = 0;
const open = new Set<Promise<void>>();
const timer = setInterval(() => {
  for (; count < ((performance.now() - began) * Number(rate)) / 1000; count += 1) {
    const sending = send(count).finally(() => open.delete(sending));
    open.add(sending);
  }
}, 5);
process.stdin.resume();
await once(process.stdin, "end");
clearInterval(timer);
await Promise.all(open);
kept.destroy();
