import { LineCounter, isCollection, isMap, isNode, isScalar, parseDocument, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import { jsonErrorOffset } from './json-error.ts';
import type { PackFiles } from './files.ts';
import type { PackProblem } from './pack.ts';
import type { Problems } from './problems.ts';

type Path = readonly PropertyKey[];

/** A YAML or JSON file of a pack: its value, and for every part of the value its place in the file. */
export class SourceDocument {
  readonly value: unknown;
  readonly #path: string;
  readonly #nodes: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #problems: Problems;

  private constructor(path: string, value: unknown, nodes: Document.Parsed, lines: LineCounter, problems: Problems) {
    this.#path = path;
    this.value = value;
    this.#nodes = nodes;
    this.#lines = lines;
    this.#problems = problems;
  }

  /** Reads a text by its file's ending, `.json` or YAML. Where it is no valid document the reason is recorded and null returned. */
  static read(path: string, text: string, problems: Problems): SourceDocument | null {
    const lines = new LineCounter();
    // A JSON document is a YAML document too: its nodes tell the places, while JSON.parse decides what is valid.
    const nodes = parseDocument(text, { lineCounter: lines, prettyErrors: false });
    const place = (offset: number) => `${path}:${lines.linePos(offset).line}:${lines.linePos(offset).col}`;
    try {
      if (path.endsWith('.json')) return new SourceDocument(path, parseJson(text), nodes, lines, problems);
    } catch (error) {
      problems.error(place(jsonErrorOffset(text)), `This is not valid JSON: ${sentence(error)}`);
      return null;
    }
    for (const fault of nodes.errors) problems.error(place(fault.pos[0]), `This is not valid YAML: ${sentence(fault)}`);
    if (nodes.errors.length > 0) return null;
    try {
      return new SourceDocument(path, nodes.toJS(), nodes, lines, problems);
    } catch (error) {
      problems.error(path, `This YAML cannot be used: ${sentence(error)}`);
      return null;
    }
  }

  /**
   * Checks the part of the document at a path against a schema. What is wrong is recorded at its place; null then.
   */
  parse<S extends z.ZodType>(schema: S, at: Path = [], level: PackProblem['level'] = 'error'): z.output<S> | null {
    const result = schema.safeParse(valueAt(this.value, at));
    if (result.success) return result.data;
    for (const issue of result.error.issues) {
      const path = [...at, ...issue.path];
      const name = path.map(String).join('.') || 'the document';
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) this.#problems[level](this.place([...path, key]), `“${key}” is not known here.`);
      } else if (path.length > 0 && valueAt(this.value, path) === undefined) {
        this.#problems[level](this.place(path), `“${name}” is missing.`);
      } else {
        this.#problems[level](this.place(path), `“${name}”: ${issue.message}`);
      }
    }
    return null;
  }

  /** `file:line:column` of the part at a path, or of the nearest part around it where there is none. */
  place(path: Path): string {
    let node: Node | null = this.#nodes.contents;
    let offset = node?.range?.[0] ?? 0;
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && item.key.value === step);
        if (!pair) break;
        if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
        node = isNode(pair.value) ? pair.value : null;
      } else {
        const child: unknown = isCollection(node) ? node.get(step, true) : null;
        if (!isNode(child)) break;
        node = child;
        offset = node.range?.[0] ?? offset;
      }
    }
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#path}:${line}:${col}`;
  }
}

/** A document of a pack; a missing file is recorded as well. */
export function openDocument(files: PackFiles, path: string, problems: Problems): SourceDocument | null {
  if (!files.has(path)) {
    problems.error(path, 'The file is missing.');
    return null;
  }
  const text = files.text(path);
  return text === null ? null : SourceDocument.read(path, text, problems);
}

function parseJson(text: string): unknown {
  return JSON.parse(text);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((part, step) => (typeof part === 'object' && part !== null ? Reflect.get(part, step) : undefined), value);
}

/** The first line of a parser's message, as a sentence. */
function sentence(error: unknown): string {
  const line = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return /[.!?]$/.test(line) ? line : `${line}.`;
}
