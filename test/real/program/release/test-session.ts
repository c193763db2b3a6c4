import { openRelease, settleRelease } from "../../../../host/release/session.ts";
import { Presence } from "../../../../host/session/presence.ts";
import { SessionFolder } from "../../../../host/session/session-folder.ts";
import type { ServerView } from "../../../../host/view.ts";

/** The session of a run, as an attending process holds one. */
export class TestSession {
  readonly #stackRun: string;
  readonly #view: () => ServerView;
  readonly #say: (phase: string, message: string) => void;
  #open: { readonly presence: Presence; readonly folder: SessionFolder } | undefined;
  #runs = 0;

  constructor(stackRun: string, view: () => ServerView, say: (phase: string, message: string) => void) {
    this.#stackRun = stackRun;
    this.#view = view;
    this.#say = say;
  }

  /** Opens a session; returns the id of its run. */
  async begin(): Promise<string> {
    this.#runs += 1;
    const run = `run-${this.#runs}`;
    const presence = await Presence.open(this.#stackRun);
    const folder = new SessionFolder(presence.folder);
    folder.setAbout({ run, holder: "ada", job: "https://ci.test/1" });
    folder.stage("env", new Uint8Array());
    this.#open = { presence, folder };
    await openRelease(this.#view(), { folder, say: this.#say, shortfall: () => "" });
    return run;
  }

  /** Ends the session, and settles its release. */
  async end(): Promise<void> {
    const { presence, folder } = this.#take();
    await settleRelease(this.#view(), { folder, say: this.#say, shortfall: () => "" });
    presence[Symbol.dispose]();
  }

  /** The attending process dies, and settles nothing. */
  die(): void {
    this.#take().presence[Symbol.dispose]();
  }

  #take() {
    const session = this.#open;
    if (session === undefined) throw new Error("no session is open");
    this.#open = undefined;
    return session;
  }
}
