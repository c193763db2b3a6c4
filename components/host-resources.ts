import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { dockerEndpoint } from "../model/connection.ts";
import type { RolloutAnswer } from "../model/facts/answer.ts";
import type { RememberedData } from "../model/facts/observation.ts";
import type { HostPlan } from "../model/plan/plan.ts";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { Claim } from "./claim.ts";
import { Directory } from "./directory.ts";
import type { Site } from "./document-command.ts";
import { Files } from "./files.ts";
import { Images } from "./images.ts";
import { Networks } from "./networks.ts";
import { Proxy } from "./proxy.ts";
import { Release } from "./release.ts";
import { Secrets } from "./secrets.ts";
import { Shared } from "./shared.ts";
import { Volume } from "./volume.ts";

interface HostResourcesArgs {
  readonly environment: pulumi.Resource;
  /** The name of the environment. */
  readonly name: string;
  /** The stack's full name in Pulumi, `project/stack`. */
  readonly stack: string;
  /** The plan of the server. */
  readonly plan: HostPlan;
}

/** All resources of an environment on one of its servers, as children of the environment, in the order of applying. */
export class HostResources {
  /** The live colour with its release and start. */
  readonly live: pulumi.Output<RolloutAnswer>;
  /** The remembered data by volume. */
  readonly data: pulumi.Output<Readonly<Record<string, RememberedData>>>;

  readonly #parent: pulumi.Resource;
  readonly #plan: HostPlan;
  readonly #site: Site;
  /** The environment and the server, with which all names of resources on that server begin. */
  readonly #prefix: string;

  constructor({ environment, name, stack, plan }: HostResourcesArgs) {
    const { host } = plan;
    this.#parent = environment;
    this.#plan = plan;
    this.#site = { connection: host.connection, stack };
    this.#prefix = `${name}-${host.name}`;
    const claim = this.claim();
    const images = this.images(claim);
    const place = this.place(claim);
    const shared = this.shared([images, ...place, ...this.volumes(claim)]);
    const proxy = this.proxy([images, ...place]);
    const release = this.release([shared, proxy]);
    this.live = release.live;
    this.data = pulumi
      .all([release.data, shared.data])
      .apply(([ofRelease, ofShared]) => ({ ...ofRelease, ...ofShared }));
  }

  private claim(): Claim {
    const { claim } = this.#plan;
    return new Claim(this.nameOf(claim), this.on(claim), { parent: this.#parent });
  }

  private images(dependsOn: pulumi.Resource): Images {
    const { images } = this.#plan;
    return new Images(this.nameOf(images), this.on(images), { parent: this.#parent, dependsOn });
  }

  /** The folder with its files, and the networks: everything that must exist before a service starts. */
  private place(claim: pulumi.Resource): pulumi.Resource[] {
    const { directory: folder, files, secrets, networks } = this.#plan;
    const directory = new Directory(this.nameOf(folder), this.on(folder), { parent: this.#parent, dependsOn: claim });
    const inDirectory = { parent: this.#parent, dependsOn: directory };
    return [
      new Files(this.nameOf(files), this.on(files), inDirectory),
      new Secrets(this.nameOf(secrets), this.on(secrets), inDirectory),
      new Networks(this.nameOf(networks), this.on(networks), inDirectory),
    ];
  }

  /** The provider's plugin takes a while to start, so a stack without volumes has none. */
  private volumes(dependsOn: pulumi.Resource): Volume[] {
    const site = this.#site;
    if (this.#plan.volumes.length === 0) return [];
    const provider = new docker.Provider(`${this.#prefix}-engine`, dockerEndpoint(site.connection), {
      parent: this.#parent,
    });
    return this.#plan.volumes.map(
      (volume) =>
        new Volume(this.nameOf(volume.guard), { site, volume, provider }, { parent: this.#parent, dependsOn }),
    );
  }

  private shared(dependsOn: pulumi.Resource[]): Shared {
    const { shared } = this.#plan;
    return new Shared(this.nameOf(shared), this.on(shared), { parent: this.#parent, dependsOn });
  }

  private proxy(dependsOn: pulumi.Resource[]): Proxy {
    const { proxy } = this.#plan;
    return new Proxy(this.nameOf(proxy), this.on(proxy), { parent: this.#parent, dependsOn });
  }

  private release(dependsOn: pulumi.Resource[]): Release {
    const { migration, rollout, confirm } = this.#plan;
    return new Release(
      `${this.#prefix}-release`,
      { site: this.#site, migration, rollout, confirm },
      { parent: this.#parent, dependsOn },
    );
  }

  private nameOf({ document }: PlannedDocument): string {
    return `${this.#prefix}-${document.resource}`;
  }

  private on(document: PlannedDocument): { readonly site: Site; readonly document: PlannedDocument } {
    return { site: this.#site, document };
  }
}
