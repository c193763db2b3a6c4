/** Placeholder for the colour that the server starts. */
export const colourPlaceholder = "<colour>";

/** Placeholder for the generation of the routes. */
export const generationPlaceholder = "<generation>";
