import type { Container } from "./docker/container.ts";
import type { Engine, EngineNetwork, EngineVolume } from "./docker/engine.ts";
import type { StackPlaces } from "./places.ts";
import { Progress } from "./progress.ts";
import { StackState } from "./state/stack-state.ts";

/** Everything that a verb can look at. The engine's lists are asked for once and kept until something was changed. */
export interface View {
  readonly places: StackPlaces;
  readonly engine: Engine;
  readonly state: StackState;
  /** What the process that has this view does, for people. */
  readonly progress: Progress;
  containers(): Promise<readonly Container[]>;
  networks(): Promise<readonly EngineNetwork[]>;
  volumes(): Promise<readonly EngineVolume[]>;
}

/** The server as one process sees it: each list of the engine is asked for once, until something was changed. */
export class ServerView implements View {
  readonly places: StackPlaces;
  readonly engine: Engine;
  readonly state: StackState;
  readonly progress: Progress;
  #containers: Promise<readonly Container[]> | undefined;
  #networks: Promise<readonly EngineNetwork[]> | undefined;
  #volumes: Promise<readonly EngineVolume[]> | undefined;

  constructor(places: StackPlaces, engine: Engine, progress = new Progress()) {
    this.places = places;
    this.engine = engine;
    this.progress = progress;
    this.state = new StackState(places);
  }

  containers(): Promise<readonly Container[]> {
    return (this.#containers ??= this.engine.containers());
  }

  networks(): Promise<readonly EngineNetwork[]> {
    return (this.#networks ??= this.engine.networks());
  }

  volumes(): Promise<readonly EngineVolume[]> {
    return (this.#volumes ??= this.engine.volumes());
  }

  /** Forgets the engine's lists, because something was changed. */
  changed(): void {
    this.#containers = undefined;
    this.#networks = undefined;
    this.#volumes = undefined;
  }
}
