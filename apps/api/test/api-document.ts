/** What the API says of itself, for tests that must hold on every path, those to come included. */
import { z } from 'zod';

const Schema = z.looseObject({
  $ref: z.string().optional(),
  type: z.string().optional(),
  additionalProperties: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});
const Operation = z.object({
  security: z.array(z.unknown()).optional(),
  parameters: z.array(z.object({ name: z.string(), in: z.string() })).optional(),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: Schema.optional() })) }).optional(),
});
const Document = z.object({
  paths: z.record(z.string(), z.record(z.string(), Operation)),
  components: z.object({ schemas: z.record(z.string(), Schema) }),
});

export interface ApiOperation {
  /** As `GET /api/v1/sessions/{id}`. */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly needsToken: boolean;
  readonly query: readonly string[];
  /** Schema of the JSON body; null where it takes none. */
  readonly body: z.infer<typeof Schema> | null;
}

export async function readOperations(url: string): Promise<ApiOperation[]> {
  const document = Document.parse(await (await fetch(`${url}/api/docs-json`)).json());
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { security = [], parameters = [], requestBody }]) => {
      const schema = requestBody?.content['application/json']?.schema;
      const named = schema?.$ref?.split('/').at(-1);
      return {
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path,
        needsToken: security.length > 0,
        query: parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name),
        body: (named === undefined ? schema : document.components.schemas[named]) ?? null,
      };
    }),
  );
}
