/** Type of the drag out of the picker; the data is an entry's key. */
export const pickType = 'application/x-hub-step';
