import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { RememberedData } from "../model/facts/observation.ts";
import type { HostPlan } from "../model/plan/plan.ts";
import type { RolloutAnswer } from "../model/facts/answer.ts";
import { sshOptions } from "../remote/ssh.ts";
import { ComposeProject } from "./compose-project.ts";
import { ConfigFiles } from "./config-files.ts";
import type { Site } from "./document-command.ts";
import { Host } from "./host.ts";
import { Images } from "./images.ts";
import { Networks } from "./networks.ts";
import { DataVolume } from "./data-volume.ts";
import { Proxy } from "./proxy.ts";
import { Release } from "./release.ts";
import { SecretFiles } from "./secret-files.ts";
import { ServerDirectory } from "./server-directory.ts";

interface EnvironmentArgs {
  /** What the server shall be. */
  readonly plan: HostPlan;
}

/** Everything of one environment, in the order in which a server can take it. */
export class Environment extends pulumi.ComponentResource {
  static readonly type = "slipway:index:Environment";

  /** Which colour serves which release, and since when. */
  readonly live: pulumi.Output<RolloutAnswer>;
  /** What is remembered of the data of each volume. */
  readonly data: pulumi.Output<Readonly<Record<string, RememberedData>>>;

  readonly #plan: HostPlan;
  readonly #site: Site;

  constructor(name: string, { plan }: EnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Environment.type, name, {}, opts);
    this.#plan = plan;
    this.#site = { connection: plan.stack.connection, stack: plan.stack.name };
    const claimed = this.claimed(name);
    const images = this.images(name, claimed);
    const place = this.place(name, claimed);
    const volumes = this.volumes(name, claimed);
    const shared = this.shared(name, [images, ...place, ...volumes]);
    const proxy = this.proxy(name, [images, ...place]);
    const release = this.release(name, [shared, proxy]);
    this.live = release.live;
    this.data = pulumi
      .all([release.data, shared.data])
      .apply(([ofRelease, ofShared]) => ({ ...ofRelease, ...ofShared }));
    this.registerOutputs({ live: this.live, data: this.data });
  }

  private claimed(name: string): Host {
    const args = { site: this.#site, document: this.#plan.claim };
    return new Host(`${name}-host`, args, { parent: this });
  }

  private images(name: string, claimed: Host): Images {
    const args = { site: this.#site, document: this.#plan.images };
    return new Images(`${name}-images`, args, { parent: this, dependsOn: claimed });
  }

  /** The folder and what must be in it, and the networks, before anything starts. */
  private place(name: string, claimed: Host): pulumi.Resource[] {
    const site = this.#site;
    const { directory: folder, files, secrets, networks } = this.#plan;
    const directory = new ServerDirectory(
      `${name}-directory`,
      { site, document: folder },
      { parent: this, dependsOn: claimed },
    );
    const after = { parent: this, dependsOn: directory };
    return [
      new ConfigFiles(`${name}-files`, { site, document: files }, after),
      new SecretFiles(`${name}-secrets`, { site, document: secrets }, after),
      new Networks(`${name}-networks`, { site, document: networks }, after),
    ];
  }

  private volumes(name: string, claimed: Host): DataVolume[] {
    const { host, port, user } = this.#site.connection;
    const engine = { host: `ssh://${user}@${host}:${port}`, sshOpts: sshOptions(this.#site.connection) };
    const provider = new docker.Provider(`${name}-engine`, engine, { parent: this });
    return this.#plan.volumes.map(
      (volume) =>
        new DataVolume(
          `${name}-${volume.name}`,
          { site: this.#site, volume, provider },
          { parent: this, dependsOn: claimed },
        ),
    );
  }

  private shared(name: string, dependsOn: pulumi.Resource[]): ComposeProject {
    const args = { site: this.#site, document: this.#plan.shared };
    return new ComposeProject(`${name}-shared`, args, { parent: this, dependsOn });
  }

  private proxy(name: string, dependsOn: pulumi.Resource[]): Proxy {
    const args = { site: this.#site, document: this.#plan.proxy };
    return new Proxy(`${name}-proxy`, args, { parent: this, dependsOn });
  }

  private release(name: string, dependsOn: pulumi.Resource[]): Release {
    const { migration, rollout } = this.#plan;
    const args = { site: this.#site, migration, rollout };
    return new Release(`${name}-release`, args, { parent: this, dependsOn });
  }
}
