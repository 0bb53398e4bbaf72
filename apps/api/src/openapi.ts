import * as contracts from '@ckx/contracts';
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;

/** Schemas of the contracts keep their names, so that generated clients have types by those names. */
const NAMES = new Map<unknown, string>(
  Object.entries(contracts).flatMap(([name, value]) => (value instanceof z.ZodObject ? [[value, name]] : [])),
);

function isNamed(schema: unknown): schema is z.ZodObject {
  return NAMES.has(schema);
}

function toComponent(schema: z.ZodObject, { schemaType }: { schemaType: 'input' | 'output' }) {
  const name = NAMES.get(schema) ?? '';
  return {
    schema: { $ref: `#/components/schemas/${name}` },
    // zod and Nest describe the same JSON Schema with different types.
    components: { [name]: z.toJSONSchema(schema, { target: 'openapi-3.0', io: schemaType }) } as Schemas,
  };
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Every path may answer with a problem document. */
function addProblems(document: OpenAPIObject): void {
  const { schema, components } = toComponent(contracts.Problem, { schemaType: 'output' });
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...components } };
  const problem = { description: 'A problem document (RFC 9457).', content: { 'application/problem+json': { schema } } };
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation !== undefined) operation.responses['default'] = problem;
    }
  }
}

export function openApiDocument(app: INestApplication): OpenAPIObject {
  const description =
    'Hands-on Kubernetes exam practice. Errors are problem documents (RFC 9457) with a stable `code`. ' +
    'Sign in with POST /api/v1/auth/login and send the access token as a bearer token.';
  const frame = new DocumentBuilder().setTitle('CKX').setDescription(description).setVersion('1').addBearerAuth().build();
  const document = SwaggerModule.createDocument(app, frame, {
    standardSchemaConverter: (schema, options) => (isNamed(schema) ? toComponent(schema, options) : undefined),
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '').toLowerCase()}_${method}`,
  });
  addProblems(document);
  return document;
}

/** Page at /api/docs, document at /api/docs-json. */
export function serveDocs(app: INestApplication): void {
  SwaggerModule.setup('api/docs', app, () => openApiDocument(app), { jsonDocumentUrl: 'api/docs-json', yamlDocumentUrl: 'api/docs-yaml' });
}
