/** `npm run migrate`: brings the database at DATABASE_URL to the newest schema. */
import { runCommand, Command, printJson } from '@ckx/command';
import { DatabaseConfig, readConfig } from '@ckx/config';
import { runMigrations } from '@ckx/persistence';

await runCommand(
  new Command('migrate').description('Bring the database at DATABASE_URL to the newest schema.').action(async () => {
    printJson({ migrated: await runMigrations(readConfig(DatabaseConfig).DATABASE_URL) });
  }),
);
