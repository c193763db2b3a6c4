import { expect, test } from "vitest";
import { answerLines } from "../../demo/report.ts";

test("the demo lists the answers in columns, whatever ports the services have", () => {
  const answer = { text: "ready", good: true };
  expect(
    answerLines([
      { ...answer, stack: "staging", service: "api", port: "127.0.0.1:18080" },
      { ...answer, stack: "production", service: "prometheus", port: "127.0.0.1:9090", good: false },
    ]),
  ).toEqual([
    "",
    "answers of the services, on the server:",
    "  staging api            127.0.0.1:18080  ready",
    "  production prometheus  127.0.0.1:9090   DOES NOT ANSWER: ready",
  ]);
});
