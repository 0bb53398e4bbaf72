#!/usr/bin/env node
import { FailureType } from '@ckx/contracts';
import { Command, parseOptions, printJson, runCommand } from '@ckx/command';
import { z } from 'zod';
import { classify } from './index.ts';

const Context = z
  .string()
  .transform((text, issue): unknown => {
    try {
      return JSON.parse(text);
    } catch (error) {
      issue.addIssue({ code: 'custom', message: `is not JSON: ${error instanceof Error ? error.message : String(error)}` });
      return z.NEVER;
    }
  })
  .pipe(z.strictObject({ step: z.string().optional(), code: z.string().optional(), message: z.string().optional() }));

const Options = z.object({ type: FailureType.optional(), context: Context });

const classifyCommand = new Command('classify')
  .description('Print class, code, reason and remedy of a failure.')
  .option('--type <type>', 'init, runtime, access or infra; found from the context where not given')
  .requiredOption('--context <json>', 'what is known: {"step"?: string, "code"?: string, "message"?: string}')
  .action((values: unknown) => {
    const { type, context } = parseOptions(Options, values);
    printJson(classify({ type, step: context.step, code: context.code, cause: context.message }));
  });

const program = new Command('failure-classification').description('Sorts failures into init, runtime, access and infra.');
await runCommand(program.addCommand(classifyCommand));
