import * as pulumi from "@pulumi/pulumi";

/** The whole configuration as the engine hands it over, as one text, since outputs would take it apart. */
export const texts = JSON.stringify(pulumi.runtime.allConfig());
