/** Loads what index.ts imports, before index.ts runs. What is missing here is only loaded later. */
import "./components/environment.ts";
import "./components/stack-outputs.ts";
import "./config/load.ts";
import "./config/plan-files.ts";
import "./config/registry-login.ts";
import "./model/plan/plan.ts";
import "./model/report/print-plan.ts";
import "./model/report/table.ts";
import "./remote/health.ts";
import "./remote/observe.ts";
import "./remote/session.ts";
