/** Names the file in which a run leaves its plan; `slipway plan` sets it. */
export const planFileVariable = "SLIPWAY_PLAN_FILE";

/** Names the file in which a preview keeps its plan, so that `up` can be held to it; `slipway plan --save` sets it. */
export const saveFileVariable = "SLIPWAY_SAVE_PLAN";

/** Names the kept plan that `up` is held to; `slipway up --plan` sets it. */
export const savedFileVariable = "SLIPWAY_SAVED_PLAN";

/** Names the file in which a run leaves what is not as it was applied; `slipway drift` sets it. */
export const driftFileVariable = "SLIPWAY_DRIFT_FILE";
