import { describe, expect, it } from "vitest";
import { read, readService } from "./trial.ts";

describe("a service of the compose file", () => {
  it("has the dependencies of depends_on on services that are deployed", () => {
    const compose = `
services:
  api:
    depends_on:
      db: { condition: service_healthy }
      job: { condition: service_completed_successfully, required: false }
  db: {}
  job: { profiles: [once] }
`;
    expect(readService("api", compose).dependsOn).toEqual({ db: { condition: "service_healthy", required: true } });
    expect(read(compose).notes).toContain("api: does not wait for 'job', which is optional and not deployed");
    const both = readService("api", compose, { services: { job: {} } });
    expect(both.dependsOn["job"]).toEqual({ condition: "service_completed_successfully", required: false });
  });

  it("is restarted with a service that it waits for, as the file says", () => {
    const compose = `
services:
  api: { depends_on: { db: { condition: service_started, restart: true } } }
  db: {}
`;
    expect(readService("api", compose).dependsOn["db"]).toEqual({
      ...{ condition: "service_started", required: true, restart: true },
    });
  });

  it("is restarted with a service whose namespace it shares or that it links, as under Compose", () => {
    const compose = `
services:
  api: { network_mode: "service:vpn", volumes_from: [vpn, files] }
  web: { links: [files], depends_on: { vpn: { condition: service_healthy } }, pid: "service:vpn" }
  vpn: {}
  files: {}
`;
    const { services = {} } = read(compose).application ?? {};
    const started = { condition: "service_started", required: true };
    expect(services["api"]?.dependsOn).toEqual({ vpn: { ...started, restart: true }, files: started });
    expect(services["web"]?.dependsOn).toEqual({
      vpn: { condition: "service_healthy", required: true },
      files: { ...started, restart: true },
    });
  });

  it("rejects a dependency that no file has, also one that is not required, as Compose does", () => {
    const compose = "services: { api: { depends_on: { absent: { condition: service_started, required: false } } } }\n";
    expect(read(compose).problems).toEqual([
      "compose.yaml:1:34: depends_on names 'absent', which is not a service; correct the name",
    ]);
  });

  it("has the other names of its links, and needs the services that other fields name", () => {
    const compose = `
services:
  api: { links: ["db:database", cache], depends_on: { cache: { condition: service_healthy } } }
  db: {}
  cache: {}
`;
    const { application } = read(compose);
    expect(application?.services["api"]).toMatchObject({
      links: { database: "db" },
      dependsOn: { db: { condition: "service_started" }, cache: { condition: "service_healthy" } },
    });
    expect(application?.services["cache"]).not.toHaveProperty("links");
  });
});
