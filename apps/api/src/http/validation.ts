import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import { ValidationError } from './errors.ts';

/**
 * The one way in: `@Body({ schema })`, `@Param('id', { schema })` and `@Query({ schema })` hold what the zod schema made of it. Text that
 * Postgres cannot keep is refused here, for all schemas, before a record or a workflow gets stuck on it.
 */
@Injectable()
export class ValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({
      exceptionFactory: (issues) =>
        new ValidationError(
          issues.map(({ path = [], message }) => ({
            path: path.map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.'),
            message,
          })),
        ),
    });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const result = await super.transform(value, metadata);
    if (metadata.type !== 'custom' && !isStorable(result)) {
      throw new ValidationError([{ path: '', message: 'text must be valid Unicode without the NUL character' }]);
    }
    return result;
  }
}

/** False for a NUL character or half of a surrogate pair anywhere in the value. */
function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0');
  return typeof value !== 'object' || value === null || Object.values(value).every(isStorable);
}
