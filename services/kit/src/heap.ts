/** How much of V8's heap a process of the hub may fill with garbage. */
import { setFlagsFromString } from 'node:v8';

/** V8 collects the old generation when it has grown by 70%, not when it is up to four times what lives (infra/decisions/031). First of all a process does; it holds for its threads too. */
export function collectEarly(): void {
  setFlagsFromString('--heap-growing-percent=70');
}
