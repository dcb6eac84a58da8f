/** Runs a calendar month that a plan allows, test runs not counted; a plan that is not named has no limit. Held for every start: by the API and by hub_fire. */
export const monthlyRuns = { free: 0, teams: 100 } as const;
