import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { dockerEndpoint } from "../model/connection.ts";
import { isFolder } from "../model/data-place.ts";
import type { RolloutAnswer } from "../model/facts/release/answer.ts";
import type { RememberedData } from "../model/facts/observation.ts";
import type { HostPlan } from "../model/plan/plan.ts";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import { Adoption } from "./adoption.ts";
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

/** Everything that must be there before the volumes of a server. */
interface PlaceOfVolumes {
  readonly claim: Claim;
  readonly directory: Directory;
  readonly adoption: Adoption | undefined;
}

/** All resources of an environment on one of its servers, as children of the environment, in the order of applying. */
export class HostResources {
  /** The live colour with its release and start; undefined where the stack has no release. */
  readonly live: pulumi.Output<RolloutAnswer> | undefined;
  /** The command that goes back from it; undefined where the stack has no release. */
  readonly goBack: Release["goBack"] | undefined;
  /** The remembered data by volume. */
  readonly data: pulumi.Output<Readonly<Record<string, RememberedData>>>;
  /** The subnets of each network, by its name on the server. */
  readonly subnets: Networks["subnets"];

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
    const directory = this.directory(claim);
    const files = this.sharedFiles(directory);
    const adoption = this.adoption([images, directory, ...files]);
    const networks = this.networks([directory, adoption]);
    const volumes = this.volumes({ claim, directory, adoption });
    const proxy = this.proxy([images, networks]);
    const place = [images, networks, ...volumes, ...files];
    const shared = this.shared([...place, proxy]);
    const release = this.release([...volumes, proxy, shared]);
    const after = this.after([...place, shared, release]);
    this.live = release?.live;
    this.goBack = release?.goBack;
    this.subnets = networks.subnets;
    this.data = pulumi
      .all([release?.data ?? {}, shared?.data ?? {}, after?.data ?? {}])
      .apply(([ofRelease, ofShared, ofAfter]) => ({ ...ofRelease, ...ofShared, ...ofAfter }));
  }

  private claim(): Claim {
    const { claim } = this.#plan;
    return new Claim(this.nameOf(claim), this.on(claim), { parent: this.#parent });
  }

  private images(dependsOn: pulumi.Resource): Images {
    const { images } = this.#plan;
    return new Images(this.nameOf(images), this.on(images), { parent: this.#parent, dependsOn });
  }

  private directory(dependsOn: pulumi.Resource): Directory {
    const { directory } = this.#plan;
    return new Directory(this.nameOf(directory), this.on(directory), { parent: this.#parent, dependsOn });
  }

  /** Everything is ready when what ran before stops, and everything that needs its place comes after. */
  private adoption(dependsOn: readonly pulumi.Resource[]): Adoption | undefined {
    const { adoption } = this.#plan;
    if (adoption === undefined) return undefined;
    return new Adoption(this.nameOf(adoption), this.on(adoption), { parent: this.#parent, dependsOn: [...dependsOn] });
  }

  private networks(after: readonly (pulumi.Resource | undefined)[]): Networks {
    const { networks } = this.#plan;
    const dependsOn = after.filter((resource) => resource !== undefined);
    return new Networks(this.nameOf(networks), this.on(networks), { parent: this.#parent, dependsOn });
  }

  /** A data folder may lie in the stack's directory, which comes first. */
  private volumes({ claim, directory, adoption }: PlaceOfVolumes): Volume[] {
    const site = this.#site;
    const provider = this.engine();
    return this.#plan.volumes.map((volume) => {
      const place = isFolder(volume.volume) ? directory : claim;
      const opts = { parent: this.#parent, dependsOn: adoption === undefined ? [place] : [place, adoption] };
      return new Volume(this.nameOf(volume.guard), { site, volume, provider }, opts);
    });
  }

  /** The provider's plugin takes a while to start, so a stack without volumes has none. */
  private engine(): docker.Provider | undefined {
    if (this.#plan.volumes.every(({ volume }) => isFolder(volume))) return undefined;
    const endpoint = dockerEndpoint(this.#site.connection);
    return new docker.Provider(`${this.#prefix}-engine`, endpoint, { parent: this.#parent });
  }

  /** The files and secrets of the services that stay. */
  private sharedFiles(dependsOn: pulumi.Resource): pulumi.Resource[] {
    if (this.#plan.shared === undefined) return [];
    const { files, secrets } = this.#plan.shared;
    const opts = { parent: this.#parent, dependsOn };
    return [
      ...(files === undefined ? [] : [new Files(this.nameOf(files), this.on(files), opts)]),
      new Secrets(this.nameOf(secrets), this.on(secrets), opts),
    ];
  }

  /** The services that stay and start before the release. */
  private shared(after: readonly (pulumi.Resource | undefined)[]): Shared | undefined {
    return this.sharedServices(this.#plan.shared?.before, after);
  }

  /** The services that stay and wait for the release. */
  private after(after: readonly (pulumi.Resource | undefined)[]): Shared | undefined {
    return this.sharedServices(this.#plan.shared?.after, after);
  }

  private sharedServices(
    document: PlannedDocument | undefined,
    after: readonly (pulumi.Resource | undefined)[],
  ): Shared | undefined {
    if (document === undefined) return undefined;
    const dependsOn = after.filter((resource) => resource !== undefined);
    return new Shared(this.nameOf(document), this.on(document), { parent: this.#parent, dependsOn });
  }

  private proxy(dependsOn: pulumi.Resource[]): Proxy | undefined {
    if (this.#plan.release === undefined) return undefined;
    const { proxy } = this.#plan.release;
    return new Proxy(this.nameOf(proxy), this.on(proxy), { parent: this.#parent, dependsOn });
  }

  private release(after: readonly (pulumi.Resource | undefined)[]): Release | undefined {
    if (this.#plan.release === undefined) return undefined;
    const { migrations, rollout, confirm } = this.#plan.release;
    const args = { site: this.#site, migrations, rollout, confirm };
    const dependsOn = after.filter((resource) => resource !== undefined);
    return new Release(`${this.#prefix}-release`, args, { parent: this.#parent, dependsOn });
  }

  private nameOf({ document }: PlannedDocument): string {
    return `${this.#prefix}-${document.resource}`;
  }

  private on(document: PlannedDocument): { readonly site: Site; readonly document: PlannedDocument } {
    return { site: this.#site, document };
  }
}
