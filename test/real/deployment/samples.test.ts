import { join } from "node:path";
import { series } from "../series.ts";
import { samples } from "./deployments.ts";
import { describeDeployment } from "./story.ts";

// Two deployments take too long for `npm test`.
const deployments = series(samples, samples.slice(0, 1));

for (const one of deployments) describeDeployment(one, join(import.meta.dirname, "samples"));
