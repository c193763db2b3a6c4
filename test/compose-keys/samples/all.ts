import { build } from "./build.ts";
import { deploy } from "./deploy.ts";
import { fields } from "./fields.ts";
import { resources } from "./resources.ts";
import type { SamplesByPlace } from "./samples.ts";
import { service } from "./service.ts";

/** A sample of every key of the Compose specification. */
export const samples: SamplesByPlace = {
  "services.*": service,
  ...build,
  ...deploy,
  ...fields,
  ...resources,
};
