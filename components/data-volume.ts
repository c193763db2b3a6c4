import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { PlannedVolume } from "../model/plan/plan.ts";
import { documentCommand, type Site } from "./document-command.ts";

interface DataVolumeArgs {
  /** The server. */
  readonly site: Site;
  /** The volume, and what must be found in it. */
  readonly volume: PlannedVolume;
  /** The server's engine. */
  readonly provider: docker.Provider;
}

/**
 * A volume that holds a service's data. The guard makes it once, remembers what is in it and refuses another; the volume itself stands in the state, is kept when it
 * leaves the program, and is never deleted.
 */
export class DataVolume extends pulumi.ComponentResource {
  static readonly type = "slipway:index:DataVolume";

  /** Name of the volume on the server. */
  readonly volumeName: pulumi.Output<string>;

  constructor(name: string, args: DataVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    super(DataVolume.type, name, {}, opts);
    const guard = documentCommand(`${name}-guard`, args.site, args.volume.guard, { parent: this });
    this.volumeName = this.volume(name, args, guard).name;
    this.registerOutputs({ volumeName: this.volumeName });
  }

  private volume(name: string, { volume, provider }: DataVolumeArgs, guard: pulumi.Resource): docker.Volume {
    const opts = { parent: this, provider, dependsOn: guard, retainOnDelete: true };
    return new docker.Volume(`${name}-volume`, { name: volume.volume }, opts);
  }
}
