import { readBody, type Body } from "../../model/document/bodies.ts";
import { formatNumber } from "../../model/document/number.ts";
import { readDocument } from "../../model/document/reader.ts";
import type { DataFacts } from "../../model/facts/data-loss.ts";
import { boundFolder, isFolder, placeElsewhere, placeText } from "../../model/data-place.ts";
import type { RememberedData, VolumeFact } from "../../model/facts/observation.ts";
import type { WantedVolume } from "../../model/facts/volumes.ts";
import { Failure } from "../failure.ts";
import { machineId } from "../facts/machine.ts";
import type { View } from "../view.ts";
import { volumeFacts } from "./volume-facts.ts";

/** A volume or folder as its document wants it, beside what the server knows of it. */
export interface GuardedData {
  readonly body: Body<"volume">;
  readonly wanted: WantedVolume;
  readonly fact: VolumeFact;
  readonly facts: DataFacts;
}

/** Asks for everything that the guard decides on. */
export async function guardedData(body: Body<"volume">, view: View): Promise<GuardedData> {
  const { volume, service, data, major, cluster, external, making = {} } = body;
  const clusters = cluster === undefined ? {} : { [volume]: cluster };
  const folder = isFolder(volume) ? volume : boundFolder(making);
  const bound = folder === undefined ? {} : { [volume]: folder };
  const all = claimedVolumes(view);
  const volumes = await volumeFacts(view, [volume], { clusters, bound, all });
  const [fact] = volumes;
  if (fact === undefined) throw new Error(`no fact of volume '${volume}'`);
  const wanted = {
    ...{ volume, service, data, major, wanted: all, adopted: body.adopt },
    external: external === "true",
    elsewhere: placeElsewhere(making),
    folder,
  };
  // The claim of a deployed stack was compared before, by the verb `claim`.
  return { body, wanted, fact, facts: { volumes, claims: [], host: { machine: machineId() } } };
}

/** All volumes that the stack wants, as its claim says, which is applied before them. */
export function claimedVolumes({ state }: Pick<View, "state">): readonly string[] {
  return Object.keys(state.body("claim")?.volumes ?? {});
}

/** The applied document of a volume, with its number. */
export function volumeDocument(
  volume: string,
  { state }: View,
): { readonly body: Body<"volume">; readonly number: string } {
  const applied = state.applied(`volume:${volume}`);
  const { body } = readBody("volume", readDocument(applied?.text ?? "")?.document.body);
  if (applied !== undefined && body !== undefined) return { body, number: formatNumber(applied.number) };
  throw new Failure("volume", `no document was applied for ${placeText(volume)}; run \`pulumi up\` again`);
}

/** The data in a volume as it is now, to be remembered. */
export function dataNow({ body, fact, facts }: GuardedData): RememberedData {
  const { cluster, folder, empty, remembered } = fact;
  return {
    service: body.service,
    // An unknown cluster does not replace the remembered one.
    cluster: cluster === "" ? (remembered?.cluster ?? "") : cluster,
    ...{ folder, empty, machine: facts.host.machine },
    ...(remembered?.adopted !== undefined && { adopted: remembered.adopted }),
  };
}
