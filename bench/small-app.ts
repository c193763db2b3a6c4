import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument, type Document } from "yaml";
import type { TestServers } from "../test/hosts/servers.ts";
import { Aaperture } from "../test/real/stack/aaperture.ts";

/** The host port of the web service. */
export const port = 18080;

/** A stack of one web service, and shared services beside it, in a copy of the root project. */
export class SmallApp {
  readonly stack: Aaperture;
  readonly #servers: TestServers;

  private constructor(stack: Aaperture, servers: TestServers) {
    this.stack = stack;
    this.#servers = servers;
  }

  /** Makes the project. `services` counts the web service as well; the others are shared ones. */
  static async create(folder: string, servers: TestServers, services = 2): Promise<SmallApp> {
    const stack = await Aaperture.create(folder, servers, ["staging"]);
    const app = new SmallApp(stack, servers);
    const { image } = await servers.buildAppRelease({ version: "base" });
    writeFileSync(join(stack.folder, "compose.yaml"), composeFile(services, image));
    rmSync(join(stack.folder, ".env.example")); // it names variables of aaperture's services
    edit(join(stack.folder, "Pulumi.yaml"), (file) => {
      const api = { release: true, port: 8080, health: "/health" };
      file.setIn(["config", "services", "default"], { api });
      file.deleteIn(["config", "migration"]);
    });
    edit(join(stack.folder, "Pulumi.staging.yaml"), (file) =>
      file.setIn(["config", "aaperture:ports"], { api: `0.0.0.0:${port}` }),
    );
    await app.release("first");
    return app;
  }

  /** Builds a release whose service boots in a second, and writes its document. Returns its image. */
  async release(version: string): Promise<string> {
    const { image } = await this.#servers.buildAppRelease({ version, bootDelay: "1s" });
    edit(join(this.stack.folder, "release.json"), (file) => {
      file.set("version", version);
      file.set("images", { api: image });
    });
    return image;
  }
}

/** A compose file with one release service and shared ones. */
function composeFile(services: number, image: string): string {
  const shared = Array.from({ length: services - 1 }, (_, index) =>
    [`  worker-${index + 1}:`, `    image: ${image}`, "    mem_limit: 64m"].join("\n"),
  );
  return ["services:", "  api:", "    build: .", "    mem_limit: 64m", ...shared, ""].join("\n");
}

/** Changes a YAML or JSON file; the parser reads JSON as YAML. */
function edit(path: string, change: (file: Document) => void): void {
  const file = parseDocument(readFileSync(path, "utf8"));
  change(file);
  writeFileSync(path, path.endsWith(".json") ? JSON.stringify(file.toJS()) : file.toString());
}
