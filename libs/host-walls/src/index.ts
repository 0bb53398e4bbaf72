export { BRIDGE_PREFIX, OPEN_BRIDGE_PREFIX, closeBridge } from './bridge.ts';
export { firewallGaps, NOT_INTERNET, setFirewall } from './firewall.ts';
export { KERNEL_SETTINGS, raiseKernelSettings, readKernelSetting, type KernelSetting } from './kernel.ts';
export { isOnThisMachine } from './machine.ts';
