import { join } from "node:path";
import { samples } from "./deployments.ts";
import { describeDeployment } from "./story.ts";

for (const sample of samples) describeDeployment(sample, join(import.meta.dirname, "samples"));
