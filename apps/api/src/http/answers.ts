import { applyDecorators, HttpCode, SerializeOptions } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/**
 * What a handler answers: documented and held at once. The answer passes through the schema, so that a field it does not name never
 * leaves the API, and one that it names is always there. A handler that returns an array says `isArray` and gives its items' schema.
 */
export function Answers(schema: z.ZodType, options: { status?: number; isArray?: boolean; description?: string } = {}): MethodDecorator {
  const { status = 200, isArray = false, description = '' } = options;
  return applyDecorators(
    HttpCode(status),
    SerializeOptions({ schema }),
    ApiResponse({ status, standardSchema: schema, isArray, description }),
  );
}

/** A handler that answers with no body. */
export function AnswersNothing(): MethodDecorator {
  return applyDecorators(HttpCode(204), ApiResponse({ status: 204, description: 'Done.' }));
}
