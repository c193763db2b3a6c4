import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { isFolder } from "../model/data-place.ts";
import type { PlannedVolume } from "../model/plan/plan.ts";
import { documentCommand, type Site } from "./document-command.ts";

interface VolumeArgs {
  /** The server that the volume is on, and the stack that it belongs to. */
  readonly site: Site;
  /** The volume, and the document of its guard. */
  readonly volume: PlannedVolume;
  /** The provider of the server's Docker engine; a folder needs none. */
  readonly provider: docker.Provider | undefined;
}

/**
 * A volume or folder with a service's data. The guard makes it once, remembers its contents and refuses any other. A
 * volume is in the state as well, is kept when it leaves the program, and is never deleted.
 */
export class Volume extends pulumi.ComponentResource {
  static readonly type = "slipway:index:Volume";

  /** Name of the volume on the server, or the path of the folder. */
  readonly volumeName: pulumi.Output<string>;

  constructor(name: string, args: VolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Volume.type, name, {}, opts);
    const { volume, guard: document } = args.volume;
    const guard = documentCommand(isFolder(volume) ? name : `${name}-guard`, args.site, document, { parent: this });
    this.volumeName = isFolder(volume) ? pulumi.output(volume) : this.volume(name, args, guard).name;
    this.registerOutputs({ volumeName: this.volumeName });
  }

  /** It has the name alone: what else a volume is, the engine says. */
  private volume(name: string, { volume, provider }: VolumeArgs, guard: pulumi.Resource): docker.Volume {
    const opts = { parent: this, dependsOn: guard, retainOnDelete: true, ...(provider !== undefined && { provider }) };
    return new docker.Volume(`${name}-volume`, { name: volume.volume }, opts);
  }
}
