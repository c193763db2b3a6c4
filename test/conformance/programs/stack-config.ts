import * as pulumi from "@pulumi/pulumi";

/** The whole configuration as the engine passes it, in one string so that its values keep their form. */
export const texts = JSON.stringify(pulumi.runtime.allConfig());
