import { expect, it } from "vitest";
import { PullProgress } from "../../../host/docker/pull-progress.ts";

const image = (name: string): string => `registry.example:5000/${name}@sha256:${"0".repeat(64)}`;

it("the progress of pulls has the megabytes of each image, as far as the engine tells the sizes of layers", () => {
  const pulls = new PullProgress(3);
  const downloads = (name: string, id: string, current: number, total?: number): void =>
    pulls.hear(image(name), { id, status: "Downloading", progressDetail: { current, total } });
  pulls.begin(image("api"));
  pulls.begin(image("web"));
  pulls.hear(image("api"), { status: "Pulling from api", progressDetail: null });
  expect(pulls.text).toBe("0 of 3 pulled, 'registry.example:5000/api', 'registry.example:5000/web'");
  downloads("api", "one", 12_400_000, 40_000_000);
  downloads("api", "two", 1_000_000, 2_000_000);
  downloads("web", "one", 500_000);
  pulls.hear(image("api"), { id: "two", status: "Download complete" });
  pulls.hear(image("api"), { id: "one", status: "Extracting", progressDetail: { current: 1, total: 9 } });
  expect(pulls.text).toBe(
    "0 of 3 pulled, 'registry.example:5000/api' 14.4 of 42.0 MB, 'registry.example:5000/web' 0.5 of 0.5 MB",
  );
  pulls.end(image("api"));
  pulls.end(image("web"));
  expect(pulls.text).toBe("2 of 3 pulled");
});
