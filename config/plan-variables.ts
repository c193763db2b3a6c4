/** Names the file to which a run writes its plan. Set by `slipway plan`. */
export const writePlanVariable = "SLIPWAY_WRITE_PLAN";

/** Names the file to which a preview saves its plan, for a later `up`. Set by `slipway plan --save`. */
export const savePlanVariable = "SLIPWAY_SAVE_PLAN";

/** Names the saved plan that `up` must carry out. Set by `slipway up --plan`. */
export const requirePlanVariable = "SLIPWAY_REQUIRE_PLAN";

/** Names the file to which a run writes the drift of its servers. Set by `slipway drift`. */
export const writeDriftVariable = "SLIPWAY_WRITE_DRIFT";

/** Names the file to which a run that fails writes the user's problems. Set by `slipway plan`. */
export const writeProblemsVariable = "SLIPWAY_WRITE_PROBLEMS";

/** Names the file with the record to go back to, in place of a release document. Set by `slipway rollback`. */
export const rollbackVariable = "SLIPWAY_ROLLBACK_RECORD";
