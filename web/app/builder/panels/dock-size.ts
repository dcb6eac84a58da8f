/** How the data dock was left in this browser. */
export const dockHeightKey = 'hub-dock';
export const dockOpenKey = 'hub-dock-open';
/** px. */
export const foldedDock = 33;
export const leastDock = 140;
export const mostDock = 560;

export function keptHeight(): number {
  const kept = Number(localStorage.getItem(dockHeightKey));
  return kept >= leastDock && kept <= mostDock ? kept : 240;
}

export const dockIsOpen = (): boolean => localStorage.getItem(dockOpenKey) === 'yes';
