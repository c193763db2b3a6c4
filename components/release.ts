import * as pulumi from "@pulumi/pulumi";
import type { PlannedDocument } from "../model/plan/planned-document.ts";
import type { RememberedData } from "../model/facts/observation.ts";
import {
  readDataAnswer,
  readGoBackAnswer,
  readRolloutAnswer,
  type RolloutAnswer,
} from "../model/facts/release/answer.ts";
import type { GoBack } from "../model/facts/release/going-back.ts";
import { documentCommand, type DocumentCommand, type Site } from "./document-command.ts";

interface ReleaseArgs {
  /** The server that the release runs on, and the stack that it belongs to. */
  readonly site: Site;
  /** The runs that prepare the databases for the release, one after the other. */
  readonly migrations: readonly PlannedDocument[];
  /** The services of the release, and how the server switches to them. */
  readonly rollout: PlannedDocument;
  /** The last step: the server records the release as verified. */
  readonly confirm: PlannedDocument;
}

/** The release: its migrations, then its services in the colour that serves, then the record that it is verified. */
export class Release extends pulumi.ComponentResource {
  static readonly type = "slipway:index:Release";

  /** The live colour with its release, commit and start. */
  readonly live: pulumi.Output<RolloutAnswer>;
  /** The command that goes back from it; undefined if there is nothing to go back to. */
  readonly goBack: pulumi.Output<GoBack | undefined>;
  /** The remembered data by volume that the release mounts. */
  readonly data: pulumi.Output<Readonly<Record<string, RememberedData>>>;

  constructor(name: string, args: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Release.type, name, {}, opts);
    const migrated = this.migrations(name, args);
    const rollout = this.rollout(name, args, migrated);
    const { stdout } = this.confirm(name, args, rollout);
    this.live = stdout.apply(readRolloutAnswer);
    this.goBack = stdout.apply((answer) => readGoBackAnswer(args.site.stack, answer));
    this.data = rollout.stdout.apply(readDataAnswer);
    this.registerOutputs({ live: this.live, goBack: this.goBack, data: this.data });
  }

  private migrations(name: string, { site, migrations }: ReleaseArgs): DocumentCommand[] {
    return migrations.reduce<DocumentCommand[]>((dependsOn, migration) => {
      const { resource } = migration.document;
      return [...dependsOn, documentCommand(`${name}-${resource}`, site, migration, { parent: this, dependsOn })];
    }, []);
  }

  private rollout(name: string, { site, rollout }: ReleaseArgs, dependsOn: DocumentCommand[]): DocumentCommand {
    return documentCommand(`${name}-rollout`, site, rollout, { parent: this, dependsOn });
  }

  private confirm(name: string, { site, confirm }: ReleaseArgs, dependsOn: DocumentCommand): DocumentCommand {
    return documentCommand(`${name}-confirm`, site, confirm, { parent: this, dependsOn });
  }
}
