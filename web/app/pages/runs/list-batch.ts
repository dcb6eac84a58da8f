/** Runs of one bulk call: few enough to see it move. */
export const atOnce = 10;
