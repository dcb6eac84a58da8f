/** What the server hands to every loader and action. Never imported for its values by browser code. */
import { createContext } from 'react-router';

/** The API as a function: same process, no network hop. */
export type ApiFetch = (request: Request) => Promise<Response>;

export interface Visit {
  /** Sends a request to the API on behalf of this visitor. */
  api: ApiFetch;
  /** Client address as the socket gave it; null where unknown. */
  clientIp: string | null;
}

export const visitContext = createContext<Visit>();
export const nonceContext = createContext<string>('');
