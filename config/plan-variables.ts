/** Names the file to which a run writes its plan. `slipway plan` sets it. */
export const writePlanVariable = "SLIPWAY_WRITE_PLAN";

/** Names the file to which a preview saves its plan, for an `up` that must carry out this plan. `slipway plan --save` sets it. */
export const savePlanVariable = "SLIPWAY_SAVE_PLAN";

/** Names the saved plan that `up` must carry out. `slipway up --plan` sets it. */
export const requirePlanVariable = "SLIPWAY_REQUIRE_PLAN";

/** Names the file to which a run writes what on the server is not as it was applied. `slipway drift` sets it. */
export const writeDriftVariable = "SLIPWAY_WRITE_DRIFT";

/** Names the file to which a run that fails writes the user's problems. `slipway plan` sets it. */
export const writeProblemsVariable = "SLIPWAY_WRITE_PROBLEMS";
