import { describe as group, expect, test } from "vitest";
import type { Json } from "../../../model/json.ts";
import { found } from "./trial-lines.ts";

group("the comparison of ports", () => {
  test("sees a port that the proxy opens to requests for one name alone", () => {
    expect(found(["routes", "http/routers/published/rule", "Host(`api.test`)"])).toContain(
      'ports: api: 8080/tcp: expected ["127.0.0.1 80"], found ["127.0.0.1 80, for requests to api.test alone"]',
    );
  });

  test("sees a port of several that the proxy takes for HTTP, though nobody says so", () => {
    const two = (protocol?: string): Json => [
      {
        host_ip: "127.0.0.1",
        target: 8080,
        published: "80",
        protocol: "tcp",
        ...(protocol && { app_protocol: protocol }),
      },
      { host_ip: "127.0.0.1", target: 9000, published: "90", protocol: "tcp" },
    ];
    const line = 'ports: api: 8080/tcp: expected ["127.0.0.1 80"], found ["127.0.0.1 80, for HTTP alone"]';
    expect(found(["original", "services/api/ports", two()])).toContain(line);
    expect(found(["original", "services/api/ports", two("http")])).not.toContain(line);
    const said = found(["original", "services/api/ports", two()], ["keys", "services/api/port", 8080]);
    expect(said).not.toContain(line);
  });
});
