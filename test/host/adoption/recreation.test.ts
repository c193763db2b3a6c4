import { describe, expect, it } from "vitest";
import { endpointRequest, networkRequest, recreationOf } from "../../../host/adoption/recreation.ts";
import { containerDescription, networkDescription } from "../../../host/docker/descriptions.ts";

const id = `db${"0".repeat(62)}`;
const anonymous = "a".repeat(64);

/** The engine's answer about the container of a database, with some of its parts. */
function described(also: Readonly<Record<string, unknown>> = {}, networks: Readonly<Record<string, object>> = {}) {
  return containerDescription.parse({
    ...{ Id: id, Name: "/shop-db-1", Image: "sha256:1" },
    Config: { Image: "db:1", Hostname: id.slice(0, 12), Env: ["A=1"] },
    HostConfig: { NetworkMode: "shop_back", Binds: ["data:/data"] },
    NetworkSettings: { Networks: networks },
    ...also,
  });
}

const facts = { image: "db:1", ids: new Map([["1", "2"]]) };

describe("the recreation of a container", () => {
  it("asks the engine for what the container was, without the name that the engine chose", () => {
    expect(recreationOf(described(), facts).body).toEqual({
      ...{ Image: "db:1", Env: ["A=1"] },
      HostConfig: {
        ...{ NetworkMode: "shop_back", UTSMode: "", AutoRemove: false },
        ...{ Binds: ["data:/data"], RestartPolicy: { Name: "" } },
      },
      NetworkingConfig: { EndpointsConfig: {} },
    });
  });

  it("keeps a host name and an alias with which the id happens to begin", () => {
    const named = described({ Config: { Image: "db:1", Hostname: "db" } });
    expect(recreationOf(named, facts).body).toMatchObject({ Hostname: "db" });
    expect(endpointRequest({ NetworkID: "", Aliases: ["db", id.slice(0, 12)] }, id)).toEqual({ Aliases: ["db"] });
  });

  it("keeps the volumes that only the container had, unless its binds name them", () => {
    const mounts = [
      { Type: "volume", Name: anonymous, Destination: "/cache", RW: false },
      { Type: "volume", Name: "data", Destination: "/data" },
    ];
    const binds = (description: ReturnType<typeof described>) => recreationOf(description, facts).body["HostConfig"];
    expect(binds(described({ Mounts: mounts }))).toMatchObject({ Binds: ["data:/data", `${anonymous}:/cache:ro`] });
    const bound = { NetworkMode: "shop_back", Binds: [`${anonymous}:/cache`] };
    expect(binds(described({ Mounts: mounts, HostConfig: bound }))).toMatchObject({ Binds: [`${anonymous}:/cache`] });
  });

  it("joins the network of its mode at once and the others later, with fixed addresses", () => {
    const fixed = { IPAMConfig: { IPv4Address: "10.0.0.5" }, Aliases: ["store"] };
    const { body, further } = recreationOf(described({}, { front: {}, shop_back: fixed }), facts);
    expect(body["NetworkingConfig"]).toEqual({ EndpointsConfig: { shop_back: fixed } });
    expect(further).toEqual({ front: { Aliases: [] } });
  });

  it("shares what it shared with the new container in place of the old one", () => {
    const shared = { NetworkMode: "container:1", PidMode: "container:3" };
    expect(recreationOf(described({ HostConfig: shared }), facts).body["HostConfig"]).toMatchObject({
      ...{ NetworkMode: "container:2", PidMode: "container:3" },
    });
  });
});

describe("the recreation of a network", () => {
  it("asks for the same driver, addresses, options and labels", () => {
    const IPAM = { Config: [{ Subnet: "10.1.0.0/24" }] };
    const description = networkDescription.parse({ Id: "1", Name: "back", Driver: "bridge", IPAM, Scope: "local" });
    expect(networkRequest(description)).toEqual({
      ...{ Name: "back", CheckDuplicate: true, Driver: "bridge", IPAM, Options: {}, Labels: {} },
    });
  });
});
