import { serve } from "../base/serve.ts";
import { commandProvider } from "./provider.ts";

await serve(commandProvider);
