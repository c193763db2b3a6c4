import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { PlannedVolume } from "../model/plan/plan.ts";
import { documentCommand, type Site } from "./document-command.ts";

interface VolumeArgs {
  /** The server that the volume is on, and the stack that it belongs to. */
  readonly site: Site;
  /** The volume, and the document of its guard. */
  readonly volume: PlannedVolume;
  /** The provider of the server's Docker engine. */
  readonly provider: docker.Provider;
}

/**
 * A volume with a service's data. The guard makes it once, remembers its contents and refuses any other; the volume
 * itself is in the state, is kept when it leaves the program, and is never deleted.
 */
export class Volume extends pulumi.ComponentResource {
  static readonly type = "slipway:index:Volume";

  /** Name of the volume on the server. */
  readonly volumeName: pulumi.Output<string>;

  constructor(name: string, args: VolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Volume.type, name, {}, opts);
    const guard = documentCommand(`${name}-guard`, args.site, args.volume.guard, { parent: this });
    this.volumeName = this.volume(name, args, guard).name;
    this.registerOutputs({ volumeName: this.volumeName });
  }

  private volume(name: string, { volume, provider }: VolumeArgs, guard: pulumi.Resource): docker.Volume {
    const opts = { parent: this, provider, dependsOn: guard, retainOnDelete: true };
    return new docker.Volume(`${name}-volume`, { name: volume.volume }, opts);
  }
}
