/** Ports and networks of a host: chosen here, guarded by constraints of Postgres. */
export { allocatePorts, allocateSubnet, portStats, releasePorts, replacePort } from './allocate.ts';
export { choosePorts, type PortRanges } from './ranges.ts';
export { setAside } from './refused.ts';
export { chooseSubnet } from './subnets.ts';
