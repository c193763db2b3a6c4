import { describe, expect, it } from "vitest";
import { composeOf, read, readService, type Trial } from "../trial.ts";

const released: Trial = {
  services: { api: { release: true } },
  variables: { DOMAIN: "shop.test" },
  secrets: ["TOKEN"],
};

const labels = composeOf(`
labels:
  - traefik.enable=true
  - traefik.http.routers.api.rule=Host(\`\${DOMAIN}\`)
  - Traefik.http.middlewares.auth.basicauth.users=me:$$2y$$05
  - com.example.team=web`);

describe("labels for a team's own Traefik", () => {
  it("are taken from a release service, with variables filled in", () => {
    const { teamLabels, fields } = readService("api", labels, released);
    expect(teamLabels).toEqual({
      "traefik.enable": "true",
      "traefik.http.routers.api.rule": "Host(`shop.test`)",
      "Traefik.http.middlewares.auth.basicauth.users": "me:$2y$05",
    });
    expect(fields["labels"]).toEqual({ "com.example.team": "web" });
  });

  it("stay on a shared service, as they are written", () => {
    const { teamLabels, fields } = readService("api", labels, { variables: { DOMAIN: "shop.test" } });
    expect(teamLabels).toBeUndefined();
    expect(fields["labels"]).toMatchObject({ "traefik.http.routers.api.rule": "Host(`${DOMAIN}`)" });
  });

  it("are not there where a service has others alone", () => {
    expect(readService("api", composeOf("labels: { a: b }"), released).teamLabels).toBeUndefined();
  });

  it("rejects a secret in one, since anybody on the server may read it there", () => {
    const { problems } = read(composeOf("labels: { traefik.http.middlewares.a.users: 'me:${TOKEN}' }"), released);
    expect(problems).toEqual([
      "compose.yaml:3:15: service 'api' has the secret TOKEN in a label for slipway's proxy, got " +
        "'traefik.http.middlewares.a.users'; write that label at a shared service, such as your Traefik itself: " +
        "Traefik reads the labels of all",
    ]);
  });

  it("rejects a variable in a name that nothing sets, and nothing that follows from it", () => {
    const { problems } = read(composeOf("labels: ['traefik.http.routers.${STACK?say it}.rule=Host(`a`)']"), released);
    expect(problems).toEqual([
      "compose.yaml:3:14: labels needs the variable STACK, which is not set (say it), got " +
        "'traefik.http.routers.${STACK?say it}.rule'; set variables.STACK, or write a default such as ${STACK:-…}",
    ]);
  });
});
