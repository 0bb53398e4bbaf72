import { EXIT, printJson } from '@ckx/command';
import type { Command } from 'commander';
import { print, table } from '../output.ts';

export function addDoctorCommand(ckx: Command): void {
  ckx
    .command('doctor')
    .description('every part that CKX needs on this machine: version, origin, and what to do where it is missing')
    .action(async (_options: object, command: Command) => {
      // Loaded for this command alone: the others start twice as fast without.
      const { diagnose } = await import('@ckx/toolchain');
      const diagnoses = await diagnose();
      if (command.optsWithGlobals()['json'] === true) printJson(diagnoses);
      else {
        const rows = diagnoses.map(({ part, state, version, origin, remedy }) => [
          part,
          state,
          version ?? '-',
          origin ?? '-',
          remedy ?? '',
        ]);
        print(table(['part', 'state', 'version', 'origin', 'remedy'], rows));
      }
      if (diagnoses.some(({ state }) => state === 'wrong')) process.exitCode = EXIT.failed;
    });
}
