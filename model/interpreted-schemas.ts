/** Tunes zod by the effects of its import alone, so an entry point imports it before anything that makes a schema. */
import { config } from "zod";

// A process reads each kind of data once or twice. To compile a reader for it takes longer than the reading.
config({ jitless: true });
