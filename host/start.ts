import "../model/interpreted-schemas.ts";
import { main } from "./main.ts";
import { serverPlaces } from "./places.ts";

// When `main` is done, everything is flushed; an unread output must not keep the process alive. The bundle is CommonJS,
// which has no top-level await.
void main(process.argv.slice(2), { places: serverPlaces }).then((code) => process.exit(code));
