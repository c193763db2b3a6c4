import { describe, expect, it, test } from "vitest";
import { awaitedEnds, containerNames, replicaNamesOf } from "../../../host/project/compose-file.ts";

describe("the containers of a compose file", () => {
  it("are called as it says, or by project, service and number", () => {
    const text = `services:
  web: { image: a, container_name: shop-web-blue }
  worker: { image: a, deploy: { replicas: 2 } }
  queue: { image: a, scale: 1 }
  mailer: { image: a, scale: 2, x-slipway-name: shop-mailer-blue }
  cache:
`;
    expect(Object.fromEntries(containerNames("shop-blue", text))).toEqual({
      "shop-web-blue": "web",
      "shop-blue-worker-1": "worker",
      "shop-blue-worker-2": "worker",
      "shop-blue-queue-1": "queue",
      "shop-mailer-blue-1": "mailer",
      "shop-mailer-blue-2": "mailer",
      "shop-blue-cache-1": "cache",
    });
  });

  it("are renamed where it names several (E21)", () => {
    const text = "services: { web: { container_name: a }, mailer: { scale: 2, x-slipway-name: shop-mailer }, cache: }";
    expect([...replicaNamesOf(text)]).toEqual([["mailer", "shop-mailer"]]);
  });

  it("are no more than a thousand of a service, whatever number a file that was changed by hand says", () => {
    expect(containerNames("shop", "services: { web: { scale: 5000 } }").size).toBe(1000);
  });

  it("are none where it cannot be read: Compose itself says why", () => {
    expect([...containerNames("shop", "services: [")]).toEqual([]);
    expect([...containerNames("shop", "services: *gone")]).toEqual([]);
    expect([...containerNames("shop", "services: { web: 1 }")]).toEqual([]);
    expect([...containerNames("shop", "")]).toEqual([]);
  });
});

test("the services whose end others wait for are told by the services that wait", () => {
  const text = `services:
  web: { depends_on: { seed: { condition: service_completed_successfully }, db: { condition: service_healthy } } }
  seed: { depends_on: { db: {} } }
  db:
`;
  expect(Object.fromEntries(awaitedEnds(text))).toEqual({ web: ["seed"], seed: [], db: [] });
});
