import { describe, expect, it } from "vitest";
import { questionOf, readRequests, type LoadedRequest } from "./requests.ts";
import { changesOf, lost, sentAfter } from "./seen.ts";

function request(release: string, sent: number, ended: number, problem = ""): LoadedRequest {
  return { what: "GET /", release, sent, ended, problem };
}

const targets = { api: "http://api.test", web: "http://web.test" };
const questions = Array.from({ length: 40 }, (_, number) => questionOf(number, targets));

describe("the requests of a load", () => {
  it("go both ways in equal parts: each question on a kept connection, then on a new one", () => {
    const [kept, fresh] = [false, true].map((isNew) => questions.filter((one) => one.isNew === isNew));
    expect(kept?.map(({ question }) => question)).toEqual(fresh?.map(({ question }) => question));
    expect(kept).toHaveLength(20);
  });

  it("are GET and POST, to both services and through one to the other, and some of them are slow", () => {
    const urls = questions.map(({ question }) => question.url);
    expect(questions.filter(({ question }) => question.method === "POST")).toHaveLength(12);
    expect(urls.filter((url) => url.startsWith(targets.web))).toHaveLength(20);
    expect(urls.filter((url) => url.includes("/call?url=http://api:8080"))).toHaveLength(8);
    expect(urls.filter((url) => url.includes("/slow?ms="))).toHaveLength(4);
  });

  it("are read from the lines of the process that sends them", () => {
    const sent = [request("1", 1, 2), request("", 3, 4, "500 it failed")];
    expect(readRequests(sent.map((one) => `${JSON.stringify(one)}\n`).join(""))).toEqual(sent);
  });
});

describe("what a load has seen", () => {
  it("is lost if a user would see an error, with the time and the request", () => {
    const all = [request("1", 0, 1), request("", 0, 2, "socket hang up")];
    expect(lost(all)).toEqual(["1970-01-01T00:00:00.000Z GET /: socket hang up"]);
  });

  it("is counted from the moment at which a request is sent, not from its answer", () => {
    const all = [request("1", 5, 30), request("2", 10, 11), request("3", 20, 21)];
    expect(sentAfter(all, 10, 10)).toEqual([all[1]]);
  });

  it.each([
    { what: "one release", all: [request("1", 0, 1), request("1", 2, 3)], changes: 0 },
    { what: "a release after another", all: [request("1", 0, 1), request("2", 2, 3)], changes: 1 },
    { what: "requests at the same time as the switch", all: [request("1", 0, 9), request("2", 1, 5)], changes: 1 },
    {
      what: "a request that was sent before the switch, and ended long after it",
      all: [request("1", 0, 9), request("2", 2, 3), request("2", 10, 11)],
      changes: 1,
    },
    {
      what: "an answer of the old release to a request that was sent after a new answer",
      all: [request("1", 0, 1), request("2", 2, 3), request("1", 4, 5), request("2", 6, 7)],
      changes: 3,
    },
    {
      what: "two colours that take turns",
      all: [request("2", 0, 1), request("1", 2, 3), request("2", 4, 5), request("1", 6, 7)],
      changes: 3,
    },
    { what: "requests that failed", all: [request("1", 0, 1), request("", 2, 3, "500")], changes: 0 },
  ])("has $changes changes of the release at least, with $what", ({ all, changes }) => {
    expect(changesOf(all)).toBe(changes);
  });
});
