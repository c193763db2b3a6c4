import { colours, serviceInColour } from "../../model/colour.ts";
import type { Container } from "../docker/container.ts";
import { hasFinished } from "../health/wait.ts";
import type { Checks } from "./checks.ts";

/** Tells whether a container of a colour is of a job that has ended well. */
export function isFinished(container: Container, services: Checks["services"] = {}): boolean {
  const found = Object.entries(services).find(([name]) =>
    colours.some((colour) => serviceInColour(name, colour) === container.service),
  );
  return hasFinished(container, found?.[1].job);
}
