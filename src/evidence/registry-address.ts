import { BlockList, isIP } from 'node:net';

/** Addresses that only the own network reaches: a name that leads there is a trap. */
const PRIVATE = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE.addSubnet(network, prefix, 'ipv4');
}

/** Global unicast addresses of IPv6, but for those that hold an address of IPv4. */
const PUBLIC_IPV6 = new BlockList();
PUBLIC_IPV6.addSubnet('2000::', 3, 'ipv6');
const HOLDS_IPV4 = new BlockList();
HOLDS_IPV4.addSubnet('2002::', 16, 'ipv6');
HOLDS_IPV4.addSubnet('2001::', 32, 'ipv6');

/** Whether an address is of no public network. */
export function isPrivateAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return PRIVATE.check(address, 'ipv4');
    case 6:
      return !PUBLIC_IPV6.check(address, 'ipv6') || HOLDS_IPV4.check(address, 'ipv6');
    default:
      return true;
  }
}
