import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who looks through the places where their account is signed in must know one from another. Two words of what a browser says of itself are
 * enough for that; the rest of it would only tell people apart, and is not kept.
 */
export class Devices1795740000000 implements MigrationInterface {
  readonly name = 'Devices1795740000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE refresh_tokens
        -- null where it is not known: of tokens from before, and of programs that do not say.
        ADD COLUMN browser text,
        ADD COLUMN system text;
    `);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only: restore a backup or write a new migration'));
  }
}
