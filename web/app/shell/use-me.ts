/** Who is here, from any page below the shell. */
import type { Me } from '@hub/contract';
import { useRouteLoaderData } from 'react-router';

/** What the shell's loader answers. */
export interface ShellData {
  me: Me;
  unread: number;
}

export function useMe(): ShellData & { may: (permission: string) => boolean } {
  const shell = useRouteLoaderData<ShellData>('shell/shell');
  if (!shell) throw new Error('useMe outside the shell');
  return { ...shell, may: (permission) => shell.me.permissions.includes(permission) };
}
