/** Placeholder for the colour that the server starts. */
export const colourPlaceholder = "<colour>";

/** Placeholder for the number of the switch. */
export const generationPlaceholder = "<generation>";
