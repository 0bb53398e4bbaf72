import type { Command } from 'commander';
export function addDoctorCommand(_ckx: Command): void {}
