import { decimal } from "./measure.ts";

/** One figure of the bench: a measurement beside its control, taken in the same run, and the bound that we set. */
interface Figure {
  readonly name: string;
  /** Seconds. */
  readonly ours: number;
  /** Seconds of the control. */
  readonly control: number;
  /** The greatest ratio that is good enough. */
  readonly bound: number;
  /** Seconds of ours that the control cannot have, such as the gate's window; they are taken off. @default 0 */
  readonly windows?: number;
}

/** A figure as one line: both measurements, their ratio and its bound. */
export function figureLine({ name, ours, control, bound, windows = 0 }: Figure): string {
  const ratio = (ours - windows) / control;
  const off = windows === 0 ? "" : ` less ${decimal(windows, 1)} s of windows`;
  const verdict = ratio <= bound ? "within" : "BEYOND";
  const measured = `${name}: ${decimal(ours)} s${off}, control ${decimal(control)} s`;
  return `${measured}: ${decimal(ratio)} × (${verdict} ${bound} ×)`;
}
