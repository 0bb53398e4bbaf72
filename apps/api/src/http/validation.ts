import { StandardSchemaValidationPipe } from '@nestjs/common';
import { ValidationError } from './errors.ts';

type Issues = Parameters<NonNullable<ConstructorParameters<typeof StandardSchemaValidationPipe>[0]>['exceptionFactory'] & object>[0];

/** The one way in: `@Body({ schema })`, `@Param('id', { schema })` and `@Query({ schema })` hold what the zod schema made of it. */
export function validationPipe(): StandardSchemaValidationPipe {
  return new StandardSchemaValidationPipe({
    exceptionFactory: (issues: Issues) =>
      new ValidationError(
        issues.map((issue) => ({
          path: (issue.path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment)).join('.'),
          message: issue.message,
        })),
      ),
  });
}
