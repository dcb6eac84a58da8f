/** The release after that: today's order again, under another number. */
export * from 'real-planner';

export const engineVersion = 3;
