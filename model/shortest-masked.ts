/** The least number of characters that a value needs to be hidden in output; shorter ones are part of other words. */
export const shortestMasked = 4;
