/** Which addresses the hub may reach. Only public unicast addresses, unless the operator listed the place (HUB_OUTBOUND_ALLOW). */
import ipaddr from 'ipaddr.js';

import { UserError } from '../errors.ts';

type Address = ReturnType<typeof ipaddr.process>;

/** The operator's exceptions to the guard. */
export interface AllowList {
  /** `host:port`, lower case, no brackets. */
  places: ReadonlySet<string>;
  networks: readonly [Address, number][];
}

export const emptyAllowList: AllowList = { places: new Set(), networks: [] };

/** Global unicast of IPv6; everything outside (`::7f00:1`, `fec0::`, unassigned) is refused even where a range table has no name for it. */
const globalUnicast6: [Address, number] = [ipaddr.parse('2000::'), 3];
/** Azure's host agent answers here, on a public address. */
const refusedUnicast = new Set(['168.63.129.16']);

/**
 * Reads `host:port` and CIDR entries, comma separated: `127.0.0.1:4010, stub.local:8080, [::1]:4010, 10.1.0.0/16`.
 * @throws UserError `http.bad-allow-list` naming the entry.
 */
export function parseAllowList(text: string | undefined): AllowList {
  const places = new Set<string>();
  const networks: [Address, number][] = [];
  for (const entry of (text ?? '').split(',').map((part) => part.trim().toLowerCase())) {
    if (entry === '') continue;
    const place = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+)):(\d{1,5})$/.exec(entry);
    if (place !== null && Number(place[3]) >= 1 && Number(place[3]) <= 65_535) places.add(`${place[1] ?? place[2] ?? ''}:${Number(place[3])}`);
    else if (ipaddr.isValidCIDR(entry)) networks.push(ipaddr.parseCIDR(entry) as [Address, number]);
    else
      throw new UserError('http.bad-allow-list', `HUB_OUTBOUND_ALLOW: "${entry}" is neither host:port nor a CIDR.`, {
        remedy: 'Write e.g. `api.intern:8443,10.20.0.0/16`.',
      });
  }
  return { places, networks };
}

/** True when the operator listed this host and port (by name or literal). */
export function isListedPlace(allow: AllowList, hostname: string, port: number): boolean {
  return allow.places.has(`${bareHost(hostname)}:${port}`);
}

/** The hostname without brackets and root dot, lower case. */
export function bareHost(hostname: string): string {
  return hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

/**
 * True when a connection to `address` is allowed. A listed place may be private or loopback, but never link-local: there the cloud's
 * metadata services answer, and a name's DNS may not be the operator's. A listed network is taken as it is written.
 */
export function isAllowedAddress(allow: AllowList, address: string, listedPlace: boolean): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (allow.networks.some(([network, bits]) => network.kind() === parsed.kind() && parsed.match(network, bits))) return true;
  const range: string = parsed.range();
  if (listedPlace)
    return range === 'loopback' || range === 'private' || range === 'uniqueLocal' || range === 'carrierGradeNat' || isPublic(parsed, range);
  return isPublic(parsed, range);
}

function isPublic(parsed: Address, range: string): boolean {
  if (range !== 'unicast' || refusedUnicast.has(parsed.toString())) return false;
  return parsed.kind() === 'ipv4' || parsed.match(globalUnicast6[0], globalUnicast6[1]);
}

/** True for an address literal, IPv4 or IPv6, in the form a parsed URL has it. */
export function isLiteral(hostname: string): boolean {
  return ipaddr.isValid(bareHost(hostname));
}

/** Names that no public DNS answers for (RFC 6761, RFC 6762, and what offices use). */
const privateNames = /\.(localhost|local|localdomain|internal|intranet|lan|home\.arpa|test|invalid)$/;

/**
 * Can the outside reach this origin, and be sure of it? https, and a name with a dot or a public address. What a name leads to is not looked up: whoever
 * calls us finds out.
 */
export function isPublicHttps(origin: string): boolean {
  const { protocol, hostname } = new URL(origin);
  if (protocol !== 'https:') return false;
  if (isLiteral(hostname)) return isAllowedAddress(emptyAllowList, bareHost(hostname), false);
  const name = bareHost(hostname);
  return name.includes('.') && !privateNames.test(name);
}
